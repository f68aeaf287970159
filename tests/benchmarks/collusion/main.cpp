// Names colluders among many issued IDs, from fields that are mixed as their copies would be: a table and JSON.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "accusation.hpp"
#include "collusion.hpp"
#include "launcher/base/command_line.hpp"

namespace {

constexpr steg::GridSize kSize{384, 216};
constexpr int kFrames = 50;
constexpr int kFramesPerEpoch = 10;
constexpr int kRegionsAcross = 5;
constexpr double kSignatureShare = 0.25;

struct Options {
  std::int64_t issued = 1000000;
  std::vector<double> colluders;
  std::vector<double> signatures;
  int trials = 1;
  std::string json;
};

Options parse(int argc, char** argv) {
  Options options;
  std::string colluders = "2,5,10,25";
  std::string signatures = "100,200";
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.number(0, "issued", options.issued, "IDs that were issued; default 1000000", "N");
  line.text(0, "colluders", colluders, "default 2,5,10,25", "LIST");
  line.text(0, "signature", signatures,
            "S of one copy alone over the whole clip, of real clips from real-clips.sh; default 100,200", "LIST");
  line.number(0, "trials", options.trials, "of each case; default 1", "N");
  line.path(0, "json", options.json, "write the results", "FILE");
  line.parse(argc, argv);
  options.colluders = numbers<double>(colluders);
  options.signatures = numbers<double>(signatures);
  return options;
}

enum class Mix { averaged, frames, regions };
constexpr std::array<const char*, 3> kMixNames = {"averaged", "frames", "regions"};

steg::FieldBlocks mixed(const steg::Reader& reader, const std::vector<std::string>& ids, Mix mix, double signature,
                        Rng& rng) {
  const auto amplitude = static_cast<float>(signature / std::sqrt(kFrames * kSignatureShare * kSize.cells()));
  std::normal_distribution<float> noise(0.0F, 1.0F);
  std::vector<std::vector<float>> chips;
  steg::FieldBlocks blocks(reader);
  for (int frame = 0; frame < kFrames; ++frame) {
    const int epoch = frame / kFramesPerEpoch;
    if (frame % kFramesPerEpoch == 0) {
      chips.clear();
      for (const std::string& id : ids) chips.push_back(reader.chips().frame(id, kSize, epoch));
    }
    std::vector<float> field(static_cast<std::size_t>(kSize.cells()));
    for (std::size_t i = 0; i < field.size(); ++i) {
      const auto x = static_cast<int>(i) % kSize.width;
      const auto y = static_cast<int>(i) / kSize.width;
      const int region = x * kRegionsAcross / kSize.width + y * kRegionsAcross / kSize.height * kRegionsAcross;
      float mark = 0;
      if (mix == Mix::averaged) {
        for (const auto& one : chips) mark += one[i] / static_cast<float>(chips.size());
      } else {
        mark = chips[static_cast<std::size_t>(mix == Mix::frames ? frame : region) % chips.size()][i];
      }
      field[i] = noise(rng) + amplitude * mark;
    }
    blocks.add(field.data(), epoch, frame * 0.2);
  }
  return blocks;
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  Rng rng(2026);
  const steg::Reader reader(steg::Key::public_default(), kSize);
  std::vector<std::string> ids;
  for (std::int64_t i = 0; i < options.issued; ++i) ids.push_back("U" + std::to_string(i));
  std::clock_t start = std::clock();
  const steg::IssuedIds issued(reader.chips(), ids);
  std::printf("%zu issued IDs made ready in %.1f s of CPU\n\n%8s %-9s %9s %6s %6s %6s %7s %8s\n", issued.size(),
              seconds_since(start), "S alone", "mix", "colluders", "named", "missed", "wrong", "least S", "CPU s");
  std::string rows;
  for (const double signature : options.signatures) {
    for (const double colluders : options.colluders) {
      for (const Mix mix : {Mix::averaged, Mix::frames, Mix::regions}) {
        for (int trial = 0; trial < options.trials; ++trial) {
          std::set<std::string> guilty;
          while (static_cast<double>(guilty.size()) < colluders) guilty.insert(ids[rng() % ids.size()]);
          const steg::FieldBlocks blocks = mixed(reader, {guilty.begin(), guilty.end()}, mix, signature, rng);
          start = std::clock();
          const auto accused = steg::accuse(reader, blocks, {steg::propose_issued(issued)});
          const double took = seconds_since(start);
          std::size_t named = 0;
          double least = HUGE_VAL;
          for (const steg::Accused& one : accused) {
            named += guilty.count(one.reading.id);
            least = std::min(least, one.reading.signature);
          }
          std::printf("%8.0f %-9s %9zu %6zu %6zu %6zu %7.1f %8.1f\n", signature,
                      kMixNames[static_cast<std::size_t>(mix)], guilty.size(), named, guilty.size() - named,
                      accused.size() - named, accused.empty() ? 0.0 : least, took);
          std::fflush(stdout);
          std::ostringstream row;
          row << "{\"signature_alone\": " << signature << ", \"mix\": \"" << kMixNames[static_cast<std::size_t>(mix)]
              << "\", \"colluders\": " << guilty.size() << ", \"named\": " << named
              << ", \"wrong\": " << accused.size() - named << ", \"cpu_seconds\": " << took << "}";
          rows += (rows.empty() ? "" : ",\n ") + row.str();
        }
      }
    }
  }
  if (!options.json.empty()) std::ofstream(options.json) << "[" << rows << "]\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-collusion: %s\n", error.what());
    return 2;
  }
}
