// SPDX-License-Identifier: LGPL-2.1-or-later
#include "suspects.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plugins/steg/watermark/index.hpp"
#include "score_distribution.hpp"
#include "score_table.hpp"

namespace steg {

namespace {

/// Parts of the copy are runs of these.
constexpr std::size_t kPieces = 8;
constexpr std::size_t kParts = kPieces * (kPieces + 1) / 2 - 1;
/// Of the significance: of the whole copy by lane, and of each part.
constexpr double kWholeShares[kLanes] = {1.0 / 4, 1.0 / 8, 1.0 / 16, 1.0 / 16};
constexpr double kPartShare = 1.0 / 2 / kParts;
/// So many segments name five who mixed theirs several times over; of more, so many are taken, evenly spread.
constexpr std::size_t kMostReadings = 4096;

using Lanes = ScoreTable::Lanes;

/// The readings in the order of positions, with what goes with them.
struct Copy {
  std::vector<SegmentReading> readings;
  std::vector<VariantShares> shares;
  std::vector<std::uint32_t> blocks;     ///< of the PRF, that hold their values
  std::vector<std::size_t> block_bytes;  ///< where among the bytes of all blocks each reading's block begins

  std::size_t piece(std::size_t number) const { return readings.size() * number / kPieces; }
};

void check(const SegmentReading& reading, int variants) {
  double sum = 0;
  for (std::size_t k = 0; k < index(variants); ++k) {
    if (!std::isfinite(reading.weight[k]) || reading.weight[k] < 0)
      throw std::invalid_argument("a weight of a segment's reading is negative or not finite");
    sum += reading.weight[k];
  }
  if (!(sum > 0))
    throw std::invalid_argument("all weights of a segment's reading are 0: give equal ones if it is unread");
}

Copy copy_of(const Sequences& sequences, std::vector<SegmentReading> all) {
  std::sort(all.begin(), all.end(),
            [](const SegmentReading& a, const SegmentReading& b) { return a.position < b.position; });
  Copy copy;
  const std::size_t count = std::min(all.size(), kMostReadings);
  for (std::size_t i = 0; i < all.size(); ++i) {
    check(all[i], sequences.variants());
    if (i > 0 && all[i].position == all[i - 1].position)
      throw std::invalid_argument("a segment's position was read twice: put what both say into one reading");
  }
  for (std::size_t i = 0; i < count; ++i) {
    SegmentReading reading = all[i * all.size() / count];
    reading.weight = tempered(reading.weight, sequences.variants());
    const std::uint32_t block = Sequences::block_of(reading.position);
    if (copy.blocks.empty() || copy.blocks.back() != block) copy.blocks.push_back(block);
    copy.readings.push_back(reading);
    copy.shares.push_back(sequences.shares(reading.position));
    copy.block_bytes.push_back((copy.blocks.size() - 1) * Aes128::kBlockBytes);
  }
  return copy;
}

/// A way to look at the copy: so many leakers, and a part of it.
struct Way {
  std::size_t lane;
  std::size_t first;  ///< piece
  std::size_t last;   ///< one behind it
  double share;       ///< of the significance
};

/// The ways, with the distribution of the score of an uninvolved viewer in each.
class Judge {
 public:
  Judge(const Copy& copy, const ScoreTable& table) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      ScoreDistribution distribution;
      for (std::size_t i = 0; i < copy.readings.size(); ++i) distribution.add(copy.shares[i], table.scores(i, lane));
      add({lane, 0, kPieces, kWholeShares[lane]}, distribution);
    }
    for (std::size_t first = 0; first < kPieces; ++first) {
      ScoreDistribution distribution;
      for (std::size_t last = first + 1; last <= kPieces; ++last) {
        for (std::size_t i = copy.piece(last - 1); i < copy.piece(last); ++i)
          distribution.add(copy.shares[i], table.scores(i, 0));
        if (last - first < kPieces) add({0, first, last, kPartShare}, distribution);
      }
    }
  }

  struct Verdict {
    double log10_p = 0;
    const Way* way = nullptr;
  };

  /// `whole`: the sums over the copy. `until`: the sums of the first lane over the pieces before each.
  Verdict verdict(const Lanes& whole, const std::array<int, kPieces + 1>& until) const {
    Verdict best;
    for (const Judged& judged : ways_) {
      const Way& way = judged.way;
      const bool all = way.last - way.first == kPieces;
      const int score = all ? whole[way.lane] : until[way.last] - until[way.first];
      const int above = score - judged.lowest;
      if (above <= 0) continue;
      const double log10_p = judged.log10_p[std::min(index(above), judged.log10_p.size() - 1)];
      if (log10_p < best.log10_p) best = {log10_p, &way};
    }
    return best;
  }

 private:
  struct Judged {
    Way way;
    int lowest;
    std::vector<float> log10_p;
  };

  void add(const Way& way, const ScoreDistribution& distribution) {
    Judged judged{way, distribution.lowest(), distribution.log10_tails()};
    for (float& value : judged.log10_p) value -= static_cast<float>(std::log10(way.share));
    ways_.push_back(std::move(judged));
  }

  std::vector<Judged> ways_;
};

/// Computes viewers' variants at the copy's positions.
class Viewer {
 public:
  Viewer(const Sequences& sequences, const Copy& copy)
      : copy_(copy), aes_(sequences.sequence_subkey()), bytes_(copy.blocks.size() * Aes128::kBlockBytes) {}

  void look_at(const ViewerTag& tag) { Sequences::fill(aes_, tag, copy_.blocks, bytes_.data()); }
  std::size_t variant(std::size_t reading) const {
    const std::uint32_t value = Sequences::value(&bytes_[copy_.block_bytes[reading]], copy_.readings[reading].position);
    return index(copy_.shares[reading].variant(value));
  }

 private:
  const Copy& copy_;
  Aes128 aes_;
  std::vector<std::uint8_t> bytes_;
};

Judge::Verdict judge(const Judge& judge, const Copy& copy, const ScoreTable& table, const Viewer& viewer) {
  Lanes sum{};
  std::array<int, kPieces + 1> until{};
  for (std::size_t piece = 0; piece < kPieces; ++piece) {
    for (std::size_t i = copy.piece(piece); i < copy.piece(piece + 1); ++i) {
      const Lanes& scores = table.row(i)[viewer.variant(i)];
      for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] += scores[lane];
    }
    until[piece + 1] = sum[0];
  }
  return judge.verdict(sum, until);
}

bool before(const Suspect& a, const Suspect& b) {
  return a.log10_p != b.log10_p ? a.log10_p < b.log10_p : a.viewer < b.viewer;
}

}  // namespace

std::vector<Suspect> find_suspects(const Sequences& sequences, std::vector<SegmentReading> readings,
                                   const std::vector<std::string>& viewers, const SuspectOptions& options) {
  const Copy copy = copy_of(sequences, std::move(readings));
  if (copy.readings.empty() || viewers.empty()) return {};
  std::vector<ViewerTag> tags;
  tags.reserve(viewers.size());
  for (const std::string& viewer : viewers) tags.push_back(sequences.tag(viewer));

  Viewer viewer(sequences, copy);
  std::vector<Suspect> found;
  std::vector<bool> is_named(viewers.size());
  std::vector<double> known(copy.readings.size());
  for (int round = 1;; ++round) {
    const ScoreTable table(copy.readings, copy.shares, known);
    const Judge ways(copy, table);
    const double tries = std::log10(static_cast<double>(viewers.size()) * options.hypotheses * round * (round + 1.0));
    std::vector<Suspect> named;
    std::vector<Suspect> others;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (is_named[i]) continue;
      viewer.look_at(tags[i]);
      const Judge::Verdict verdict = judge(ways, copy, table, viewer);
      if (verdict.way == nullptr) continue;
      const Way& way = *verdict.way;
      Suspect suspect{i,
                      false,
                      std::min(0.0, verdict.log10_p + tries),
                      leakers_of(way.lane),
                      copy.readings[copy.piece(way.first)].position,
                      copy.readings[copy.piece(way.last) - 1].position,
                      round};
      suspect.named = suspect.log10_p <= std::log10(options.max_p_value);
      std::vector<Suspect>& list = suspect.named ? named : others;
      list.insert(std::upper_bound(list.begin(), list.end(), suspect, before), suspect);
      if (others.size() > options.others) others.pop_back();
    }
    found.insert(found.end(), named.begin(), named.end());
    if (named.empty()) {
      found.insert(found.end(), others.begin(), others.end());
      return found;
    }
    for (const Suspect& suspect : named) {
      is_named[suspect.viewer] = true;
      viewer.look_at(tags[suspect.viewer]);
      for (std::size_t i = 0; i < known.size(); ++i) known[i] += copy.readings[i].weight[viewer.variant(i)];
    }
  }
}

}  // namespace steg
