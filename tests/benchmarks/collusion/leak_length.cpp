// How long a leak of A/B segments must be until its leakers are named: tables, JSON and a figure.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "collusion.hpp"
#include "launcher/base/command_line.hpp"
#include "line_chart.hpp"
#include "suspects.hpp"

namespace {

constexpr double kMaxPValue = 1e-9;
constexpr std::size_t kLongest = 4000;
constexpr std::array<double, 4> kViewers = {1e3, 1e4, 1e5, 1e6};

struct Options {
  int trials = 12;
  std::vector<int> colluders;
  double error = 0.02;
  double unread = 0.1;
  std::string json;
  std::string svg;
  std::size_t innocents = 0;
  std::size_t viewers = 0;
  std::size_t segments = 0;
};

Options parse(int argc, char** argv) {
  Options options;
  std::string colluders = "1,2,3,4,5";
  std::int64_t innocents = 0;
  std::int64_t viewers = 0;
  std::int64_t segments = 200;
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.number(0, "trials", options.trials, "copies for each row; default 12", "N");
  line.text(0, "colluders", colluders, "default 1,2,3,4,5", "LIST");
  line.number(0, "error", options.error, "share of segments that are misread; default 0.02", "X");
  line.number(0, "unread", options.unread, "share of segments that are not read; default 0.1", "X");
  line.path(0, "json", options.json, "write the results", "FILE");
  line.path(0, "svg", options.svg, "draw them", "FILE");
  line.number(0, "innocents", innocents, "count p-values of viewers who gave nothing instead", "COPIES");
  line.number(0, "viewers", viewers, "time one search among so many viewers instead", "N");
  line.number(0, "segments", segments, "of that search; default 200", "N");
  line.parse(argc, argv);
  if (innocents < 0 || viewers < 0 || segments < 0) throw launcher::UsageError("numbers are 0 or more");
  options.colluders = numbers<int>(colluders);
  options.innocents = static_cast<std::size_t>(innocents);
  options.viewers = static_cast<std::size_t>(viewers);
  options.segments = static_cast<std::size_t>(segments);
  return options;
}

steg::Key random_key(Rng& rng) {
  std::string text;
  for (int i = 0; i < 2 * steg::Key::kBytes; ++i) text += "0123456789abcdef"[rng() % 16];
  return steg::Key::from_hex(text);
}

enum class Mix { interleaved, spliced, averaged };
constexpr std::array<Mix, 3> kMixes = {Mix::interleaved, Mix::spliced, Mix::averaged};
constexpr std::array<const char*, 3> kMixNames = {"interleaved", "spliced", "averaged"};
const char* name_of(Mix mix) { return kMixNames[static_cast<std::size_t>(mix)]; }

/// What leakers made, at any length. Chance is drawn once, so that a longer copy goes on as a shorter one does.
class Leak {
 public:
  Leak(const steg::Sequences& sequences, std::size_t colluders, Mix mix, const Options& options, Rng& rng)
      : variants_(sequences.variants()), mix_(mix), error_(options.error) {
    for (std::size_t i = 0; i < colluders; ++i) {
      names.push_back("leaker " + std::to_string(i));
      patterns_.push_back(sequences.pattern(names.back(), 0, kLongest));
    }
    std::uniform_real_distribution<double> unit;
    for (std::size_t i = 0; i < kLongest; ++i) {
      const bool wrong = unit(rng) < options.error;
      chance_.push_back({rng(), wrong ? 1 + static_cast<int>(rng() % static_cast<std::uint64_t>(variants_ - 1)) : 0,
                         unit(rng) < options.unread});
    }
  }

  std::vector<std::string> names;

  std::vector<steg::SegmentReading> readings(std::size_t segments) const {
    std::vector<steg::SegmentReading> out;
    for (std::size_t i = 0; i < segments; ++i) {
      steg::SegmentReading reading{static_cast<std::uint32_t>(i), {}};
      const Chance& chance = chance_[i];
      if (chance.unread) {
        reading.weight.fill(1);
      } else {
        reading.weight.fill(std::max(1e-6, error_ / (variants_ - 1)));
        for (std::size_t k = 0; k < patterns_.size(); ++k) {
          if (shows(k, i, segments))
            reading.weight[static_cast<std::size_t>((patterns_[k][i] + chance.shift) % variants_)] = 1 - error_;
        }
      }
      out.push_back(reading);
    }
    return out;
  }

 private:
  struct Chance {
    std::uint64_t choice;
    int shift;  ///< what is read is that much behind what is shown
    bool unread;
  };

  bool shows(std::size_t leaker, std::size_t i, std::size_t segments) const {
    if (mix_ == Mix::averaged) return true;
    if (mix_ == Mix::spliced) return i * patterns_.size() / segments == leaker;
    return chance_[i].choice % patterns_.size() == leaker;
  }

  int variants_;
  Mix mix_;
  double error_;
  std::vector<std::vector<std::uint8_t>> patterns_;
  std::vector<Chance> chance_;
};

/// Bits that a segment of a mix of so many says of one of them, over those who draw by the shares.
double information(const steg::Sequences& sequences, int colluders, const Options& options) {
  const int variants = sequences.variants();
  double bits = 0;
  constexpr std::uint32_t kPositions = 20000;
  for (std::uint32_t position = 0; position < kPositions; ++position) {
    const steg::VariantShares shares = sequences.shares(position);
    for (int read = 0; read < variants; ++read) {
      const auto seen = [&](int shown) { return shown == read ? 1 - options.error : options.error / (variants - 1); };
      double mean = 0;
      for (int shown = 0; shown < variants; ++shown) mean += shares.of(shown) * seen(shown);
      for (int had = 0; had < variants; ++had) {
        const double likely = (seen(had) + (colluders - 1) * mean) / colluders;
        bits += shares.of(had) * likely * std::log2(likely / mean);
      }
    }
  }
  return bits / kPositions * (1 - options.unread);
}

struct Lengths {
  std::array<std::size_t, kViewers.size()> first{};  ///< segments until somebody is named, by the number of viewers
  std::size_t all = 0;                               ///< until all are, among the largest number of viewers
};

/// Of one leak. Lengths grow in steps of 8%; kLongest where that does not suffice.
Lengths lengths(const steg::Sequences& sequences, const Leak& leak) {
  Lengths out;
  steg::SuspectOptions options;
  options.max_p_value = kMaxPValue;
  options.hypotheses = kViewers.back() / static_cast<double>(leak.names.size());
  for (std::size_t length = 25;;) {
    const auto suspects = find_suspects(sequences, leak.readings(length), leak.names, options);
    const auto named = std::count_if(suspects.begin(), suspects.end(), [](const auto& one) { return one.named; });
    const bool last = length == kLongest;
    for (std::size_t i = 0; i < kViewers.size(); ++i) {
      // The best of the first round has the same probability among fewer viewers, of whom each has a larger share.
      const double fewer = std::log10(kViewers.back() / kViewers[i]);
      const bool is_named = !suspects.empty() && suspects.front().log10_p - fewer <= std::log10(kMaxPValue);
      if (out.first[i] == 0 && (is_named || last)) out.first[i] = length;
    }
    if (named == static_cast<long>(leak.names.size()) || last) {
      out.all = length;
      return out;
    }
    length = std::min(kLongest, length * 27 / 25);
  }
}

struct Row {
  int variants;
  std::string bias;
  Mix mix;
  int colluders;
  std::array<double, kViewers.size()> theory;
  std::array<std::size_t, kViewers.size()> first;  ///< medians
  std::size_t first_90;
  std::size_t all;
  std::size_t all_90;
};

std::size_t quantile(std::vector<std::size_t> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

void measure(std::vector<Row>& rows, int variants, steg::Bias bias, Mix mix, int colluders, const Options& options) {
  Rng rng(2026);
  std::array<std::vector<std::size_t>, kViewers.size()> first;
  std::vector<std::size_t> all;
  const double bits = information(steg::Sequences(random_key(rng), variants, bias), colluders, options);
  Row row{variants, bias == steg::Bias::arcsine ? "arcsine" : "uniform", mix, colluders, {}, {}, 0, 0, 0};
  for (std::size_t i = 0; i < kViewers.size(); ++i) row.theory[i] = std::log2(kViewers[i] / kMaxPValue) / bits;
  for (int trial = 0; trial < options.trials; ++trial) {
    const steg::Sequences sequences(random_key(rng), variants, bias);
    const Leak leak(sequences, static_cast<std::size_t>(colluders), mix, options, rng);
    const Lengths found = lengths(sequences, leak);
    for (std::size_t i = 0; i < kViewers.size(); ++i) first[i].push_back(found.first[i]);
    all.push_back(found.all);
  }
  std::printf("| %d | %s | %s | %d |", variants, row.bias.c_str(), name_of(mix), colluders);
  for (std::size_t i = 0; i < kViewers.size(); ++i) {
    row.first[i] = quantile(first[i], 0.5);
    std::printf(" %zu (%.0f) |", row.first[i], row.theory[i]);
  }
  row.first_90 = quantile(first.back(), 0.9);
  row.all = quantile(all, 0.5);
  row.all_90 = quantile(all, 0.9);
  std::printf(" %zu | %zu | %zu |\n", row.first_90, row.all, row.all_90);
  std::fflush(stdout);
  rows.push_back(row);
}

template <class Values>
std::string list(const Values& values) {
  std::ostringstream text;
  const char* separator = "[";
  for (const auto value : values) {
    text << separator << value;
    separator = ", ";
  }
  return text.str() + "]";
}

void write_json(const Options& options, const std::vector<Row>& rows) {
  std::ofstream file(options.json);
  file << "{\"error\": " << options.error << ", \"unread\": " << options.unread << ", \"trials\": " << options.trials
       << ", \"max_p_value\": " << kMaxPValue << ", \"longest\": " << kLongest << ", \"viewers\": " << list(kViewers)
       << ", \"rows\": [";
  const char* separator = "\n";
  for (const Row& row : rows) {
    file << separator << R"(  {"variants": )" << row.variants << R"(, "bias": ")" << row.bias << R"(", "mix": ")"
         << name_of(row.mix) << R"(", "colluders": )" << row.colluders << R"(, "theory": )" << list(row.theory)
         << R"(, "first": )" << list(row.first) << R"(, "first_90": )" << row.first_90 << R"(, "all": )" << row.all
         << R"(, "all_90": )" << row.all_90 << "}";
    separator = ",\n";
  }
  file << "\n]}\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + options.json);
}

void draw(const Options& options, const std::vector<Row>& rows) {
  plot::LineChart chart("Segments until a leaker among a million viewers is named (p <= 1e-9)",
                        {"leakers", 1, 5, plot::Scale::linear, {1, 2, 3, 4, 5}},
                        {"segments", 10, 3000, plot::Scale::log10});
  std::map<std::string, std::vector<std::pair<double, double>>> curves;
  for (const Row& row : rows) {
    if (row.bias != "arcsine") continue;
    const std::string variants = std::to_string(row.variants) + " variants, ";
    curves[variants + name_of(row.mix)].emplace_back(row.colluders, row.first.back());
    if (row.mix == Mix::interleaved) curves[variants + "theory"].emplace_back(row.colluders, row.theory.back());
  }
  for (const auto& [name, points] : curves) chart.add(name, points, name.find("theory") != std::string::npos);
  chart.write(options.svg);
}

/// Copies of one or two leakers, each with one viewer who gave nothing.
void count_innocents(const Options& options) {
  Rng rng(7);
  constexpr std::array<double, 10> kAtMost = {0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  std::vector<double> found;
  for (std::size_t i = 0; i < options.innocents; ++i) {
    const steg::Sequences sequences(random_key(rng), 2 + 2 * static_cast<int>(i % 2));
    const std::size_t segments = 8 + rng() % 24;
    const std::size_t colluders = 1 + rng() % 2;
    std::vector<steg::SegmentReading> readings;
    const auto first = sequences.pattern("leaker", 0, segments);
    const auto second = sequences.pattern("another", 0, segments);
    const double error = 0.001 + 0.2 * static_cast<double>(rng() % 1000) / 1000;
    for (std::size_t k = 0; k < segments; ++k) {
      steg::SegmentReading reading{static_cast<std::uint32_t>(k), {}};
      reading.weight.fill(error);
      reading.weight[rng() % colluders == 0 ? first[k] : second[k]] = 1;
      readings.push_back(reading);
    }
    const auto suspects = find_suspects(sequences, readings, {"innocent"});
    found.push_back(suspects.empty() ? 0 : suspects.front().log10_p);
  }
  std::sort(found.begin(), found.end());
  const auto all = static_cast<double>(found.size());
  const auto at_most = [&found](double log10_p) {
    return static_cast<double>(std::upper_bound(found.begin(), found.end(), log10_p) - found.begin());
  };
  std::printf("%zu copies, the smallest p 10^%.2f\n", found.size(), found.front());
  for (const double p : kAtMost)
    std::printf("p <= %g: %.0f, promised at most %.3g\n", p, at_most(std::log10(p)), p * all);
  if (options.svg.empty()) return;
  plot::LineChart chart("Viewers who gave nothing", {"promised: p-value", 1e-6, 1, plot::Scale::log10},
                        {"measured: share of copies with at most that", 1e-6, 1, plot::Scale::log10});
  std::vector<std::pair<double, double>> measured;
  for (double log10_p = -6; log10_p <= 0; log10_p += 0.05) {
    const double share = at_most(log10_p) / all;
    if (share > 0) measured.emplace_back(std::pow(10.0, log10_p), share);
  }
  chart.add("measured", measured);
  chart.add("promised", {{1e-6, 1e-6}, {1, 1}}, true);
  chart.write(options.svg);
}

void time_search(const Options& options) {
  Rng rng(1);
  std::vector<std::string> viewers;
  for (std::size_t i = 0; i < options.viewers; ++i) viewers.push_back("viewer-" + std::to_string(i));
  for (const int variants : {2, 4}) {
    const steg::Sequences sequences(random_key(rng), variants);
    std::vector<steg::SegmentReading> readings;
    const auto pattern = sequences.pattern(viewers[options.viewers / 2], 0, options.segments);
    for (std::size_t i = 0; i < options.segments; ++i) {
      steg::SegmentReading reading{static_cast<std::uint32_t>(i), {}};
      reading.weight.fill(0.01);
      reading.weight[pattern[i]] = 1;
      readings.push_back(reading);
    }
    const std::clock_t start = std::clock();
    const auto suspects = find_suspects(sequences, readings, viewers);
    std::printf("%d variants, %zu segments, %zu viewers: %.2f s of CPU, best: %s at p 10^%.1f\n", variants,
                options.segments, options.viewers, seconds_since(start), viewers[suspects.front().viewer].c_str(),
                suspects.front().log10_p);
  }
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (options.innocents > 0) {
    count_innocents(options);
    return 0;
  }
  if (options.viewers > 0) {
    time_search(options);
    return 0;
  }
  std::printf("| variants | bias | mix | leakers | 1e3 | 1e4 | 1e5 | 1e6 | 90%% | all | 90%% |\n");
  std::printf("|---|---|---|---|---|---|---|---|---|---|---|\n");
  std::vector<Row> rows;
  for (const int variants : {2, 4}) {
    for (const int colluders : options.colluders) {
      for (const Mix mix : kMixes) {
        if (colluders == 1 && mix != Mix::interleaved) continue;
        measure(rows, variants, steg::Bias::arcsine, mix, colluders, options);
      }
    }
    measure(rows, variants, steg::Bias::uniform, Mix::interleaved, 1, options);
  }
  if (!options.json.empty()) write_json(options, rows);
  if (!options.svg.empty()) draw(options, rows);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
