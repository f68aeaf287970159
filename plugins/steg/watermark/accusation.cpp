// SPDX-License-Identifier: LGPL-2.1-or-later
#include "accusation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "codeword_space.hpp"
#include "copy_parts.hpp"

namespace steg {
namespace {

// One leaker stands first among a million by far, and few tries keep the p-value small; a crowd hides its members.
constexpr std::size_t kFirstRound = 16;
constexpr std::size_t kLaterRounds = 256;
constexpr int kMostRounds = 64;
constexpr int kEmptyRounds = 2;         ///< in a row, after which nothing more is expected
constexpr std::size_t kOfWhole = 1024;  ///< proposals asked for the whole copy, and
constexpr std::size_t kOfPart = 16;     ///< for each part of it
constexpr double kLeastNewShare = 0.1;  ///< of a codeword's squared length; with less it is one of those proved

class Accuser {
 public:
  Accuser(const Reader& reader, const FieldBlocks& blocks, const std::vector<Proposer>& proposers,
          const AccuseOptions& options)
      : reader_(reader), blocks_(blocks), proposers_(proposers), options_(options), copy_(blocks) {}

  std::vector<Accused> run() {
    int empty = 0;
    for (int round = 1; round <= kMostRounds && empty < kEmptyRounds; ++round) {
      take_out_proved();
      propose(round == 1 ? parts_.size() : 1);
      const std::vector<const Candidate*> tried = choose(round == 1 ? kFirstRound : kLaterRounds);
      if (tried.empty()) break;
      // The first round is short, so that finding nothing in it does not mean much.
      empty = prove(tried, round) || round == 1 ? 0 : empty + 1;
    }
    std::vector<Accused> accused;
    for (const Reading& reading : named_) {
      const CodeVector own = own_direction(reading.id);
      accused.push_back({reading, copy_.in_blocks(own), copy_.in_tiles(own)});
    }
    return accused;
  }

 private:
  /// The code bits of a part of the copy, without the proved codewords.
  struct Part {
    SoftBits z;
    double deviation;  ///< of each bit
  };
  struct Candidate {
    std::string id;
    Codeword codeword;
    std::size_t part;  ///< that proposed it
    bool tried = false;
  };

  void take_out_proved() {
    parts_.clear();
    for (const SoftBits& z : copy_.parts()) {
      Part part{proved_.rest(z), 0};
      for (const float value : part.z) part.deviation += static_cast<double>(value) * value / kCodeBits;
      part.deviation = std::sqrt(std::max(1.0, part.deviation));
      parts_.push_back(part);
    }
  }

  /// Asks about the first `count` parts.
  void propose(std::size_t count) {
    for (std::size_t part = 0; part < count; ++part) {
      for (const Proposer& proposer : proposers_) {
        for (std::string& id : proposer(parts_[part].z, part == 0 ? kOfWhole : kOfPart)) {
          const auto known = pool_.find(id);
          if (known == pool_.end()) {
            const Codeword codeword = reader_.chips().codeword(id);
            pool_.emplace(id, Candidate{id, codeword, part});
          } else if (fit(known->second.codeword, part) > fit(known->second.codeword, known->second.part)) {
            known->second.part = part;
          }
        }
      }
    }
  }

  /// In standard deviations of codewords that are not there.
  double fit(const Codeword& codeword, std::size_t part) const {
    const CodeVector rest = proved_.rest(codeword);
    const double length = dot(rest, rest);
    if (length < kLeastNewShare * kCodeBits) return 0;
    return dot(rest, parts_[part].z) / (parts_[part].deviation * std::sqrt(length));
  }

  /// At most `count` of those that were not tried, the best fits; they count as tried.
  std::vector<const Candidate*> choose(std::size_t count) {
    std::vector<std::pair<double, Candidate*>> fits;
    for (auto& [id, candidate] : pool_) {
      if (candidate.tried) continue;
      const double f = fit(candidate.codeword, candidate.part);
      if (f > 0) fits.emplace_back(f, &candidate);
    }
    std::stable_sort(fits.begin(), fits.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    fits.resize(std::min(count, fits.size()));
    std::vector<const Candidate*> chosen;
    for (auto& [f, candidate] : fits) {
      candidate->tried = true;
      chosen.push_back(candidate);
    }
    return chosen;
  }

  /// True if any of them proves to be there.
  bool prove(const std::vector<const Candidate*>& tried, int round) {
    const double tries = static_cast<double>(tried.size()) * round * (round + 1) * std::max(1.0, options_.hypotheses);
    std::vector<const Candidate*> proved;
    for (const Candidate* candidate : tried) {
      Reading reading{candidate->id, signature(*candidate), 0, 0, 0};
      reading.log10_p = log10_p_value(reading.signature, tries);
      if (reading.log10_p > std::log10(options_.max_p_value)) continue;
      describe_bits(reading, candidate->codeword, copy_.parts().front());
      named_.push_back(std::move(reading));
      proved.push_back(candidate);
    }
    for (const Candidate* candidate : proved) proved_.add(candidate->codeword);
    return !proved.empty();
  }

  double signature(const Candidate& candidate) {
    const FieldBlocks::Weights weights = copy_.weights_for(proved_.rest(candidate.codeword));
    if (!is_even(weights)) return blocks_.signature(candidate.id, weights);
    if (!even_) even_ = blocks_.signature_sum(weights);
    return blocks_.signature(candidate.id, *even_);
  }

  static bool is_even(const FieldBlocks::Weights& weights) {
    const auto is_one = [](double weight) { return std::fabs(weight - 1) < 1e-9; };
    return std::all_of(weights.blocks.begin(), weights.blocks.end(), is_one) &&
           std::all_of(weights.tiles.begin(), weights.tiles.end(), is_one);
  }

  /// The ID's codeword without those of all others that were named.
  CodeVector own_direction(const std::string& id) const {
    CodewordSpace others;
    for (const Reading& other : named_) {
      if (other.id != id) others.add(reader_.chips().codeword(other.id));
    }
    return others.rest(reader_.chips().codeword(id));
  }

  const Reader& reader_;
  const FieldBlocks& blocks_;
  const std::vector<Proposer>& proposers_;
  const AccuseOptions& options_;
  CopyParts copy_;
  CodewordSpace proved_;
  std::vector<Part> parts_;
  std::map<std::string, Candidate> pool_;
  std::vector<Reading> named_;
  std::optional<FieldBlocks::SignatureSum> even_;  ///< for all weights the same
};

}  // namespace

Proposer propose_blindly(const Chips& chips, int list_size) {
  return [&chips, list_size](const SoftBits& z, std::size_t count) {
    std::vector<std::string> ids;
    for (const Candidate& candidate : polar_decode_list(z, list_size)) {
      if (ids.size() == count) break;
      if (auto id = unpack_id(chips.permutation().invert(candidate.payload))) ids.push_back(std::move(*id));
    }
    return ids;
  };
}

Proposer propose_issued(const IssuedIds& issued) {
  return [&issued](const SoftBits& z, std::size_t count) {
    std::vector<std::string> ids;
    for (const std::size_t i : issued.best_fits(z, count)) ids.push_back(issued.id(i));
    return ids;
  };
}

std::vector<Accused> accuse(const Reader& reader, const FieldBlocks& blocks, const std::vector<Proposer>& proposers,
                            const AccuseOptions& options) {
  if (blocks.size() == 0) return {};
  return Accuser(reader, blocks, proposers, options).run();
}

}  // namespace steg
