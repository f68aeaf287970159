// Counts false reports over a million tries, and compares measured with promised p-values: a table, JSON and a plot.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "adversary.hpp"
#include "fields.hpp"
#include "launcher/base/command_line.hpp"
#include "line_chart.hpp"
#include "plugins/steg/watermark/accusation.hpp"
#include "tally.hpp"

namespace {

using statistics::Field;
using statistics::Rng;
using statistics::Tally;

constexpr int kTriesPerKey = 50;
constexpr std::size_t kIssued = 2000;
constexpr std::size_t kWholePictures = 16;  ///< one try in so many reads the whole picture, the others a quarter

struct Options {
  std::vector<std::string> folders;
  std::string models = "models";
  std::string json, plot;
  int each = 12;
  double tries = 1e6;
  int list_size = steg::kDefaultListSize;
};

Options parse(int argc, char** argv) {
  Options options;
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.paths(0, "folder", options.folders, "unmarked videos and images; as often as wanted", "FOLDER");
  line.path(0, "models", options.models, "default: models", "FOLDER");
  line.number(0, "each", options.each, "frames of each video; default 12", "N");
  line.number(0, "tries", options.tries, "in all; default 1000000", "N");
  line.number(0, "list", options.list_size, "of the decoder; default 256", "N");
  line.path(0, "json", options.json, "write the results", "FILE");
  line.path(0, "plot", options.plot, "draw them", "FILE");
  line.parse(argc, argv);
  if (options.folders.empty()) throw launcher::UsageError("Name a folder of unmarked videos or images with --folder.");
  return options;
}

/// A quarter of the field's area from that cell on.
Field quarter(const Field& field, int left, int top) {
  const steg::GridSize size{field.size.width / 2, field.size.height / 2};
  Field out{size, {}};
  for (int y = 0; y < size.height; ++y) {
    const auto row = field.values.begin() + (top + y) * field.size.width + left;
    out.values.insert(out.values.end(), row, row + size.width);
  }
  return out;
}

/// A quarter of the field's area somewhere in it, as a reader of crops sees it, or all of it.
Field window(const Field& field, Rng& rng) {
  if (rng() % kWholePictures == 0) return field;
  const auto offset = [&rng](int side) {
    return static_cast<int>(rng() % static_cast<std::size_t>(side - side / 2 + 1));
  };
  const int left = offset(field.size.width);
  return quarter(field, left, offset(field.size.height));
}

/// The same at the place where the mark's chips begin, so that a reader under its key meets them.
Field marked_window(const Field& field, Rng& rng) { return rng() % kWholePictures == 0 ? field : quarter(field, 0, 0); }

/// Readers of random keys for the sizes at hand; a new key after kTriesPerKey tries.
class WrongKeys {
 public:
  explicit WrongKeys(Rng& rng) : rng_(rng) {}
  const steg::Reader& reader(steg::GridSize size) {
    if (tries_++ % kTriesPerKey == 0) {
      readers_.clear();
      key_ = statistics::random_key(rng_);
    }
    for (const auto& reader : readers_)
      if (reader->size() == size) return *reader;
    readers_.push_back(std::make_unique<steg::Reader>(key_, size));
    return *readers_.back();
  }

 private:
  Rng& rng_;
  steg::Key key_ = steg::Key::public_default();
  long tries_ = 0;
  std::vector<std::unique_ptr<steg::Reader>> readers_;
};

/// Blind readings of the fields that `field` makes, under keys that none of them was marked with.
Tally blind(const std::string& name, const Options& options, long tries, Rng& rng,
            const std::function<Field(long)>& field) {
  Tally tally(name);
  WrongKeys keys(rng);
  steg::ReadOptions read;
  read.list_size = options.list_size;
  for (long i = 0; i < tries; ++i) {
    const Field one = field(i);
    steg::FieldSum sum(one.size);
    sum.add(one.values.data(), 0);
    const auto reading = keys.reader(one.size).best(sum, read);
    tally.add(reading ? reading->log10_p : 0);
  }
  return tally;
}

/// Readings among issued IDs under the key of the mark; the ID that is there was not issued.
Tally among(long tries, Rng& rng, const std::vector<Field>& marked, const steg::Key& key) {
  Tally tally("right key, IDs that are not there");
  const steg::Chips chips(key);
  std::vector<std::unique_ptr<steg::Reader>> readers;
  std::unique_ptr<steg::IssuedIds> issued;
  for (long i = 0; i < tries; ++i) {
    if (i % kTriesPerKey == 0) {
      std::vector<std::string> ids;
      for (std::size_t k = 0; k < kIssued; ++k) ids.push_back(statistics::random_id(rng));
      issued = std::make_unique<steg::IssuedIds>(chips, std::move(ids));
    }
    const Field one = marked_window(marked[rng() % marked.size()], rng);
    auto reader = std::find_if(readers.begin(), readers.end(), [&](const auto& r) { return r->size() == one.size; });
    if (reader == readers.end()) reader = readers.insert(reader, std::make_unique<steg::Reader>(key, one.size));
    steg::FieldSum sum(one.size);
    sum.add(one.values.data(), 0);
    tally.add((*reader)->candidates_among(sum, *issued).front().log10_p);
  }
  return tally;
}

/// Searches for several IDs, blindly and among issued ones, in copies of ten frames.
Tally accusations(const Options& options, long tries, Rng& rng, const std::vector<Field>& fields) {
  Tally tally("search for several IDs");
  for (long i = 0; i < tries; ++i) {
    const steg::GridSize size = window(fields[rng() % fields.size()], rng).size;
    const steg::Reader reader(statistics::random_key(rng), size);
    steg::FieldBlocks blocks(reader);
    for (int frame = 0; frame < 10;) {
      const Field one = window(fields[rng() % fields.size()], rng);
      if (one.size != size) continue;
      blocks.add(one.values.data(), frame / 5, frame);
      ++frame;
    }
    std::vector<std::string> ids;
    for (std::size_t k = 0; k < kIssued; ++k) ids.push_back(statistics::random_id(rng));
    const steg::IssuedIds issued(reader.chips(), std::move(ids));
    // Asked for so easily, it names somebody now and then.
    double smallest = 0;
    for (const steg::Accused& one : steg::accuse(
             reader, blocks, {steg::propose_blindly(reader.chips(), options.list_size), steg::propose_issued(issued)},
             {0.1, 1}))
      smallest = std::min(smallest, one.reading.log10_p);
    tally.add(smallest);
  }
  return tally;
}

void print(const Tally& tally) {
  std::printf("%-36s %9zu", tally.name().c_str(), tally.tries());
  for (const int exponent : {-1, -2, -3, -4, -5}) std::printf(" %8zu", tally.at_most(exponent));
  std::printf(" %9.1e %6zu\n", std::pow(10.0, tally.smallest()), tally.at_most(-9));
  std::fflush(stdout);
}

std::string json(const std::vector<Tally>& tallies) {
  std::ostringstream out;
  out << "[";
  for (const Tally& tally : tallies) {
    out << (&tally == tallies.data() ? "" : ",\n ") << "{\"source\": \"" << tally.name()
        << "\", \"tries\": " << tally.tries() << ", \"log10_smallest_p\": " << tally.smallest()
        << ", \"reports_at_1e-9\": " << tally.at_most(-9) << ", \"promised_measured\": [";
    std::string separator;
    for (const auto& [promised, measured] : tally.quantiles()) {
      out << separator << "[" << promised << ", " << measured << "]";
      separator = ", ";
    }
    out << "]}";
  }
  out << "]\n";
  return out.str();
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  Rng rng(2026);
  statistics::FieldMaker maker(options.models, 1);
  const steg::Key marking_key = statistics::random_key(rng);
  std::vector<Field> unmarked;
  std::vector<Field> marked;
  for (const std::string& folder : options.folders) {
    for (auto& [without, with] : maker.of_folder(folder, options.each, marking_key, rng)) {
      unmarked.push_back(std::move(without));
      marked.push_back(std::move(with));
    }
  }
  const steg::GridSize size{384, 216};
  std::vector<Field> adversarial;
  for (std::size_t i = 0; i < 96; ++i)
    adversarial.push_back(maker.of_picture(statistics::adversarial_picture(size.width, size.height, i, rng), size));
  std::vector<Field> random;
  for (std::size_t i = 0; i < 96; ++i)
    random.push_back({size, statistics::random_field(static_cast<std::size_t>(size.cells()), i, rng)});
  std::vector<Field> bare;
  for (int i = 0; i < 16; ++i)
    bare.push_back({size, steg::Chips(statistics::random_key(rng)).frame(statistics::random_id(rng), size, 0)});

  const auto picked = [&rng](const std::vector<Field>& fields) {
    return [&rng, &fields](long) { return window(fields[rng() % fields.size()], rng); };
  };
  const auto share = [&options](double part) { return static_cast<long>(part * options.tries); };
  std::printf("%zu unmarked frames, as many marked ones, %zu adversarial pictures\n\n%-36s %9s", unmarked.size(),
              adversarial.size(), "", "tries");
  for (const int exponent : {1, 2, 3, 4, 5}) std::printf(" p<=1e-%d ", exponent);
  std::printf(" smallest p<=1e-9\n");
  std::fflush(stdout);
  std::vector<Tally> tallies;
  const auto take = [&tallies](Tally tally) {
    print(tally);
    tallies.push_back(std::move(tally));
  };
  take(blind("unmarked frames", options, share(0.4), rng, picked(unmarked)));
  take(blind("marked frames, wrong keys", options, share(0.25), rng, picked(marked)));
  take(blind("bare chips of other keys", options, share(0.05), rng, picked(bare)));
  take(blind("random fields", options, share(0.1), rng, picked(random)));
  take(blind("adversarial pictures", options, share(0.1), rng, picked(adversarial)));
  take(among(share(0.1), rng, marked, marking_key));
  take(accusations(options, share(0.002), rng, unmarked));

  if (!options.json.empty()) std::ofstream(options.json) << json(tallies);
  if (!options.plot.empty()) {
    plot::LineChart chart("Measured against promised p-values", {"promised: p-value", 1e-6, 1, plot::Scale::log10},
                          {"measured: share of tries at most that", 1e-6, 1, plot::Scale::log10});
    for (const Tally& tally : tallies) chart.add(tally.name(), tally.quantiles());
    chart.add("the promise", {{1e-6, 1e-6}, {1, 1}}, true);
    chart.write(options.plot);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "statistics: %s\n", error.what());
    return 2;
  }
}
