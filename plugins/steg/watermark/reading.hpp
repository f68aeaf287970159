// Reading a mark from the extractor's fields: the code proposes, the signature proves.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chips.hpp"
#include "issued_ids.hpp"

namespace steg {

inline constexpr double kDefaultMaxPValue = 1e-9;

/// A field's value as evidence: 0 if it is not finite, or larger than 1e12.
float evidence_of(float value);

/// sum(f x chip) and sum(f^2) of some cells.
struct Correlation {
  double product = 0;
  double energy = 0;

  void add(double value, int chip) {
    product += chip * value;
    energy += value * value;
  }
  double normalized() const;
};

/// The sum of the extractor's fields over frames, kept apart by epoch: chips of different epochs are independent, and
/// the bound on the false positives needs each chip to meet one number only.
class FieldSum {
 public:
  using Fields = std::map<int, std::vector<float>>;

  /// Throws std::invalid_argument for a size without cells.
  explicit FieldSum(GridSize size, ChipFormat format = ChipFormat::legacy);
  /// Adds `field` (size.cells() values, row by row) of a frame of that epoch. A value that is not finite, or larger
  /// than 1e12, says nothing of its chip and counts as 0. Throws std::out_of_range for an epoch that the format has
  /// not.
  void add(const float* field, int epoch);
  /// Throws std::invalid_argument if the sizes differ.
  void add(const FieldSum& other);
  void clear();

  GridSize size() const { return size_; }
  ChipFormat format() const { return format_; }
  int frames() const { return frames_; }
  /// Empty where no frame of that epoch was added. Throws std::out_of_range as add().
  const std::vector<float>& epoch(int number) const;
  /// By epoch, of those epochs that have any.
  const Fields& fields() const { return fields_; }
  /// What Reader::condense() kept of others: their code bits.
  const std::array<Correlation, kCodeBits>& condensed() const { return condensed_; }

 private:
  friend class Reader;
  GridSize size_;
  ChipFormat format_;
  int frames_ = 0;
  Fields fields_;
  std::array<Correlation, kCodeBits> condensed_{};
};

struct Reading {
  std::string id;          ///< or the payload of a segment, where these are asked for
  double signature;        ///< S, about N(0,1) for any ID that is not embedded
  double log10_p;          ///< log10 of the bound on the probability of so large an S by chance, all tries counted
  double p_value() const;  ///< 10^log10_p, not below the smallest positive normal double
  double bit_accuracy;     ///< share of the 256 code bits whose sign agrees with the ID's codeword
  double mean_z;           ///< mean over the code bits of z x (+1 or -1 as the codeword has it)
};

/// Fills in bit_accuracy and mean_z.
void describe_bits(Reading& reading, const Codeword& codeword, const SoftBits& z);

struct ReadOptions {
  double max_p_value = kDefaultMaxPValue;
  int list_size = kDefaultListSize;
  /// Number of geometric, epoch and time hypotheses whose signatures are tried altogether (H in docs/watermark.md).
  double hypotheses = 1;
  /// How many issued IDs are tried at most, see Reader::candidates_among. Few are enough: a mark that the signature
  /// proves has a fit of about 10 standard deviations, and the best of a million others one of 5.
  int issued_tries = 16;
  /// Whether the marks of segments (segment_mark.hpp) are read blindly, too. Their signatures count as those of IDs do.
  bool segments = false;
};

/// Reads under one key, grid size and format of chips; holds the 8 chip layouts, made when first asked for.
/// One object must not be used by two threads at a time. Methods throw std::invalid_argument for a FieldSum of another
/// size or format.
class Reader {
 public:
  Reader(const Key& key, GridSize size, ChipFormat format = ChipFormat::legacy);

  /// z of the 256 code bits: sum(f x sign) / sqrt(sum f^2) over the cells of a bit, both summed over the epochs.
  /// Positive favours 0: bit 0 is sent as +1, bit 1 as -1. About N(0,1) each where there is no mark; 0 for a bit
  /// without evidence.
  SoftBits soft_bits(const FieldSum& sum) const;

  /// sum(f x sign) / sqrt(sum f^2) over the pilot cells of one phase, 0..7: is there any mark of this key? `field`
  /// holds size().cells() values; values that are not finite count as 0, as in FieldSum::add.
  double pilot(const float* field, int phase) const;
  /// The phase whose pilot fits `field` best; in the legacy format that is the epoch. The choice looks at pilot chips
  /// alone, so that no signature is tried and ReadOptions::hypotheses needs not count it.
  int likeliest_phase(const float* field) const;

  /// Keeps the fields of those `most` epochs whose code cells are strongest; of the others the code bits stay, and
  /// their signatures count no more. Bounds what a sum of hours takes.
  void condense(FieldSum& sum, std::size_t most) const;

  /// S of one ID. P(S >= t) <= exp(-t^2/2) for an ID that is not embedded, whatever the fields (Hoeffding 1963).
  /// 0 where no signature cell has evidence. Throws IdError.
  double signature(const FieldSum& sum, std::string_view id) const;

  /// What the fields say of one ID that was not chosen by them, as a single try. Throws IdError.
  Reading reading_of(const FieldSum& sum, const std::string& id) const;

  /// Blind reading: list decoding, then the signature of every payload of the list that is an ID, best S first. Each
  /// p-value counts all the signatures tried. Empty if no payload is an ID.
  std::vector<Reading> candidates(const FieldSum& sum, const ReadOptions& options = {}) const;

  /// Reading with the audit log at hand: of the IDs that were issued those options.issued_tries whose codewords c fit
  /// best, by sum(c_k x z_k), then the signature of each, best S first. Each p-value counts all the signatures tried.
  /// Finds marks that are too weak for the list decoder. Throws std::invalid_argument for issued_tries below 1.
  std::vector<Reading> candidates_among(const FieldSum& sum, const IssuedIds& issued,
                                        const ReadOptions& options = {}) const;

  /// The first of candidates(): always says what was found best; nothing only if no candidate is an ID. Compare
  /// p_value() with ReadOptions::max_p_value, or call read().
  std::optional<Reading> best(const FieldSum& sum, const ReadOptions& options = {}) const;

  /// best(), if its p-value is at most options.max_p_value.
  std::optional<Reading> read(const FieldSum& sum, const ReadOptions& options = {}) const;
  /// The reading with the least p-value of candidates() and, where `issued` is given, candidates_among(), if it is at
  /// most options.max_p_value. options.hypotheses must count the two ways of reading as well.
  std::optional<Reading> read(const FieldSum& sum, const IssuedIds* issued, const ReadOptions& options) const;

  const Chips& chips() const { return chips_; }
  GridSize size() const { return size_; }

  /// A layout, with the indices of its signature cells.
  struct Cells {
    ChipLayout layout;
    std::vector<int> signature;
  };
  /// Of a phase, 0..7, without day signs. Made when first asked for.
  const Cells& cells(int phase) const;

 private:
  void check(const FieldSum& sum) const;
  void add_code(const std::vector<float>& field, int epoch, std::array<Correlation, kCodeBits>& bits) const;
  std::vector<Reading> rank(const FieldSum& sum, const std::vector<std::string>& ids, const SoftBits& z,
                            const ReadOptions& options) const;

  Chips chips_;
  GridSize size_;
  mutable std::array<std::optional<Cells>, kEpochs> phases_;
};

/// log10(min(1, tries x exp(-S^2/2))), 0 for S <= 0 and for NaN.
double log10_p_value(double signature, double tries);

}  // namespace steg
