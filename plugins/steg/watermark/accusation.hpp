// Who gave copies to a pirate's mix: several IDs in one copy, each proved by itself.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "field_blocks.hpp"
#include "issued_ids.hpp"
#include "reading.hpp"

namespace steg {

/// At most `count` IDs whose codewords may fit `z`, best first.
using Proposer = std::function<std::vector<std::string>(const SoftBits& z, std::size_t count)>;

/// Proposes the IDs of a list decoder's payloads. `chips` must outlive it.
Proposer propose_blindly(const Chips& chips, int list_size = kDefaultListSize);
/// Proposes issued IDs. `issued` must outlive it.
Proposer propose_issued(const IssuedIds& issued);

struct AccuseOptions {
  double max_p_value = kDefaultMaxPValue;
  /// Number of hypotheses among which these fields are one, as ReadOptions::hypotheses.
  double hypotheses = 1;
};

struct Accused {
  Reading reading;
  /// How strongly each block and each tile carries the ID by its code bits, those of the other IDs taken out: about
  /// N(0,1) where it does not.
  std::vector<double> blocks;
  std::vector<double> tiles;
};

/// All IDs that the fields prove to be in a copy, in the order in which they were proved.
///
/// Rounds: the proposers rank IDs by the code bits of the whole copy, of stretches of time and of parts of the picture;
/// the best that were not tried yet are proved by their signatures; the codewords of those that were proved are taken
/// out of the code bits, so that the next round sees what they covered. Each ID's signature is looked at once, with the
/// weights of blocks and tiles that its code bits ask for. Round r tries n signatures and may spend 1/(r(r+1)) of the
/// significance: p = n x r(r+1) x hypotheses x exp(-S^2/2). docs/tracing.md says why this bounds the probability that
/// any ID at all is named that is not there.
std::vector<Accused> accuse(const Reader& reader, const FieldBlocks& blocks, const std::vector<Proposer>& proposers,
                            const AccuseOptions& options = {});

}  // namespace steg
