// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pair_files.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

namespace blind {
namespace {

constexpr char kKeyHeader[] = "pair,view,changed by,changed side,place,frame,x,y,clip";
constexpr char kAnswerHeader[] = "pair,side,confidence";

void write_lines(const std::string& path, const std::string& header, const std::vector<Pair>& pairs,
                 const std::function<void(std::ostream&, const Pair&)>& line) {
  std::ofstream file(path);
  file << header << '\n';
  for (const Pair& pair : pairs) line(file, pair);
  file.close();
  if (!file) throw std::runtime_error("Cannot write " + path + ": check that its folder exists.");
}

/// Hands over each line but the first, which must be `header`. `use` returns what is wrong with the line, if anything.
void read_lines(const std::string& path, const std::string& header,
                const std::function<std::string(const std::string&)>& use) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("Cannot read " + path + ".");
  const auto trim = [](std::string& text) { text.erase(text.find_last_not_of(" \t\r") + 1); };
  trim(line);
  if (line != header) throw std::runtime_error(path + " must begin with the line \"" + header + "\".");
  for (int number = 2; std::getline(file, line); ++number) {
    trim(line);
    if (line.empty()) continue;
    const std::string wrong = use(line);
    if (!wrong.empty()) throw std::runtime_error(path + ", line " + std::to_string(number) + ": " + wrong);
  }
}

/// Up to `count` fields; the last one takes the rest of the line.
std::vector<std::string> fields(const std::string& line, std::size_t count) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (out.size() + 1 < count) {
    const std::size_t comma = line.find(',', from);
    if (comma == std::string::npos) break;
    out.push_back(line.substr(from, comma - from));
    from = comma + 1;
  }
  out.push_back(line.substr(from));
  return out;
}

bool to_side(const std::string& text, char& side) {
  if (text.size() != 1) return false;
  side = text[0] == 'a' ? 'A' : text[0] == 'b' ? 'B' : text[0];
  return side == 'A' || side == 'B';
}

bool to_int(const std::string& text, int& value) {
  std::istringstream stream(text);
  return (stream >> value) && stream.eof();
}

}  // namespace

void write_key(const std::vector<Pair>& pairs, const std::string& path) {
  write_lines(path, kKeyHeader, pairs, [](std::ostream& out, const Pair& pair) {
    out << pair.name << ',' << pair.view << ',' << pair.what << ',' << pair.side << ',' << pair.place << ','
        << pair.frame << ',' << pair.x << ',' << pair.y << ',' << pair.clip << '\n';
  });
}

std::vector<Pair> read_key(const std::string& path) {
  std::vector<Pair> pairs;
  read_lines(path, kKeyHeader, [&](const std::string& line) -> std::string {
    const std::vector<std::string> words = fields(line, 9);
    Pair pair;
    if (words.size() != 9 || !to_side(words[3], pair.side) || !to_int(words[5], pair.frame) ||
        !to_int(words[6], pair.x) || !to_int(words[7], pair.y))
      return "is not a line of a key.";
    pair.name = words[0];
    pair.view = words[1];
    pair.what = words[2];
    pair.place = words[4];
    pair.clip = words[8];
    pairs.push_back(pair);
    return "";
  });
  return pairs;
}

std::vector<Answer> read_answers(const std::string& path) {
  std::vector<Answer> answers;
  read_lines(path, kAnswerHeader, [&](const std::string& line) -> std::string {
    const std::vector<std::string> words = fields(line, 3);
    if (words.size() != 3) return "three fields are wanted: " + std::string(kAnswerHeader) + ".";
    if (words[1].empty() && words[2].empty()) return "";
    Answer answer;
    answer.pair = words[0];
    if (!to_side(words[1], answer.side)) return "the side must be A or B.";
    if (!to_int(words[2], answer.confidence) || answer.confidence < 0 || answer.confidence > 3)
      return "the confidence must be 0, 1, 2 or 3.";
    if (std::any_of(answers.begin(), answers.end(), [&](const Answer& other) { return other.pair == answer.pair; }))
      return answer.pair + " is answered twice.";
    answers.push_back(answer);
    return "";
  });
  return answers;
}

void write_blank_answers(const std::vector<Pair>& pairs, const std::string& path) {
  write_lines(path, kAnswerHeader, pairs, [](std::ostream& out, const Pair& pair) { out << pair.name << ",,\n"; });
}

}  // namespace blind
