// SPDX-License-Identifier: LGPL-2.1-or-later
#include "reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "index.hpp"
#include "segment_mark.hpp"

namespace steg {

namespace {

// Far above any field of a working extractor; sums over any number of frames stay finite.
constexpr float kLargestField = 1e12F;

}  // namespace

double Correlation::normalized() const { return energy > 0 ? product / std::sqrt(energy) : 0; }

float evidence_of(float value) { return std::fabs(value) <= kLargestField ? value : 0.0F; }

FieldSum::FieldSum(GridSize size, ChipFormat format) : size_(size), format_(format) {
  if (size.width < 1 || size.height < 1) throw std::invalid_argument("a field without cells");
}

const std::vector<float>& FieldSum::epoch(int number) const {
  static const std::vector<float> kNone;
  if (number < 0 || number >= epochs_of(format_)) throw std::out_of_range("no such epoch");
  const auto found = fields_.find(number);
  return found == fields_.end() ? kNone : found->second;
}

void FieldSum::add(const float* field, int epoch) {
  if (epoch < 0 || epoch >= epochs_of(format_)) throw std::out_of_range("no such epoch");
  std::vector<float>& sum = fields_[epoch];
  sum.resize(index(size_.cells()), 0.0F);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += evidence_of(field[i]);
  ++frames_;
}

void FieldSum::add(const FieldSum& other) {
  if (size_ != other.size_ || format_ != other.format_)
    throw std::invalid_argument("fields of different grids or formats cannot be added");
  for (const auto& [epoch, from] : other.fields_) {
    std::vector<float>& sum = fields_[epoch];
    sum.resize(from.size(), 0.0F);
    for (std::size_t i = 0; i < from.size(); ++i) sum[i] += from[i];
  }
  for (std::size_t k = 0; k < condensed_.size(); ++k) {
    condensed_[k].product += other.condensed_[k].product;
    condensed_[k].energy += other.condensed_[k].energy;
  }
  frames_ += other.frames_;
}

void FieldSum::clear() {
  frames_ = 0;
  fields_.clear();
  condensed_ = {};
}

double Reading::p_value() const { return std::max(std::pow(10.0, log10_p), std::numeric_limits<double>::min()); }

void describe_bits(Reading& reading, const Codeword& codeword, const SoftBits& z) {
  for (std::size_t k = 0; k < codeword.size(); ++k) {
    const double agreement = codeword[k] == 0 ? z[k] : -z[k];
    reading.bit_accuracy += agreement > 0 ? 1.0 / kCodeBits : 0;
    reading.mean_z += agreement / kCodeBits;
  }
}

Reader::Reader(const Key& key, GridSize size, ChipFormat format) : chips_(key, format), size_(size) {
  if (size.width < 1 || size.height < 1) throw std::invalid_argument("a grid without cells");
}

const Reader::Cells& Reader::cells(int phase) const {
  std::optional<Cells>& cells = phases_.at(index(phase));
  if (!cells) {
    cells = Cells{chips_.phase_layout(size_, phase), {}};
    const std::vector<Role>& role = cells->layout.role;
    for (std::size_t i = 0; i < role.size(); ++i) {
      if (role[i] == Role::signature) cells->signature.push_back(static_cast<int>(i));
    }
  }
  return *cells;
}

void Reader::check(const FieldSum& sum) const {
  if (sum.size() != size_ || sum.format() != chips_.format())
    throw std::invalid_argument("the fields are not of the reader's grid and format");
}

void Reader::add_code(const std::vector<float>& field, int epoch, std::array<Correlation, kCodeBits>& bits) const {
  const ChipLayout& layout = cells(phase_of(epoch)).layout;
  const std::vector<std::int8_t> of_day = chips_.day_signs(size_, epoch);
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (layout.role[i] == Role::code) bits[layout.bit[i]].add(field[i], layout.sign[i] * of_day[i]);
  }
}

SoftBits Reader::soft_bits(const FieldSum& sum) const {
  check(sum);
  std::array<Correlation, kCodeBits> bits = sum.condensed();
  for (const auto& [epoch, field] : sum.fields()) add_code(field, epoch, bits);
  SoftBits z{};
  std::transform(bits.begin(), bits.end(), z.begin(),
                 [](const Correlation& bit) { return static_cast<float>(bit.normalized()); });
  return z;
}

void Reader::condense(FieldSum& sum, std::size_t most) const {
  check(sum);
  if (sum.fields_.size() <= most) return;
  std::vector<std::pair<double, int>> weakest;
  for (const auto& [epoch, field] : sum.fields_) {
    const std::vector<Role>& role = cells(phase_of(epoch)).layout.role;
    double energy = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
      if (role[i] == Role::code) energy += static_cast<double>(field[i]) * field[i];
    }
    weakest.emplace_back(energy, epoch);
  }
  std::sort(weakest.begin(), weakest.end());
  weakest.resize(weakest.size() - most);
  for (const auto& [energy, epoch] : weakest) {
    add_code(sum.fields_[epoch], epoch, sum.condensed_);
    sum.fields_.erase(epoch);
  }
}

double Reader::pilot(const float* field, int phase) const {
  const ChipLayout& layout = cells(phase).layout;
  Correlation correlation;
  for (std::size_t i = 0; i < layout.role.size(); ++i) {
    if (layout.role[i] == Role::pilot) correlation.add(evidence_of(field[i]), layout.sign[i]);
  }
  return correlation.normalized();
}

int Reader::likeliest_phase(const float* field) const {
  int likeliest = 0;
  double highest = pilot(field, 0);
  for (int phase = 1; phase < kEpochs; ++phase) {
    const double correlation = pilot(field, phase);
    if (correlation > highest) {
      highest = correlation;
      likeliest = phase;
    }
  }
  return likeliest;
}

double Reader::signature(const FieldSum& sum, std::string_view id) const {
  check(sum);
  Correlation correlation;
  for (const auto& [epoch, field] : sum.fields()) {
    const Cells& of_phase = cells(phase_of(epoch));
    const std::vector<std::int8_t> chips = chips_.signature(id, of_phase.layout, epoch);
    for (std::size_t i = 0; i < chips.size(); ++i) correlation.add(field[index(of_phase.signature[i])], chips[i]);
  }
  return correlation.normalized();
}

std::vector<Reading> Reader::rank(const FieldSum& sum, const std::vector<std::string>& ids, const SoftBits& z,
                                  const ReadOptions& options) const {
  const double tries = static_cast<double>(ids.size()) * std::max(1.0, options.hypotheses);
  std::vector<Reading> readings;
  for (const std::string& id : ids) {
    Reading reading{id, signature(sum, id), 0, 0, 0};
    reading.log10_p = log10_p_value(reading.signature, tries);
    describe_bits(reading, chips_.codeword(id), z);
    readings.push_back(reading);
  }
  std::stable_sort(readings.begin(), readings.end(),
                   [](const Reading& a, const Reading& b) { return a.signature > b.signature; });
  return readings;
}

Reading Reader::reading_of(const FieldSum& sum, const std::string& id) const {
  return rank(sum, {id}, soft_bits(sum), {}).front();
}

std::vector<Reading> Reader::candidates(const FieldSum& sum, const ReadOptions& options) const {
  const SoftBits z = soft_bits(sum);
  std::vector<std::string> ids;
  for (const Candidate& candidate : polar_decode_list(z, options.list_size)) {
    const std::uint64_t packed = chips_.permutation().invert(candidate.payload);
    auto id = options.segments ? unpack_payload(packed) : unpack_id(packed);
    if (id) ids.push_back(std::move(*id));
  }
  return rank(sum, ids, z, options);
}

std::vector<Reading> Reader::candidates_among(const FieldSum& sum, const IssuedIds& issued,
                                              const ReadOptions& options) const {
  if (options.issued_tries < 1) throw std::invalid_argument("at least one issued ID must be tried");
  const SoftBits z = soft_bits(sum);
  std::vector<std::string> ids;
  for (const std::size_t i : issued.best_fits(z, index(options.issued_tries))) ids.push_back(issued.id(i));
  return rank(sum, ids, z, options);
}

std::optional<Reading> Reader::best(const FieldSum& sum, const ReadOptions& options) const {
  std::vector<Reading> readings = candidates(sum, options);
  if (readings.empty()) return std::nullopt;
  return std::move(readings.front());
}

std::optional<Reading> Reader::read(const FieldSum& sum, const ReadOptions& options) const {
  std::optional<Reading> reading = best(sum, options);
  if (reading && reading->log10_p > std::log10(options.max_p_value)) return std::nullopt;
  return reading;
}

std::optional<Reading> Reader::read(const FieldSum& sum, const IssuedIds* issued, const ReadOptions& options) const {
  std::vector<Reading> readings = candidates(sum, options);
  if (issued) {
    for (Reading& reading : candidates_among(sum, *issued, options)) readings.push_back(std::move(reading));
  }
  const auto by_p_value = [](const Reading& a, const Reading& b) { return a.log10_p < b.log10_p; };
  const auto best = std::min_element(readings.begin(), readings.end(), by_p_value);
  if (best == readings.end() || best->log10_p > std::log10(options.max_p_value)) return std::nullopt;
  return *best;
}

double log10_p_value(double signature, double tries) {
  if (!(signature > 0)) return 0;
  const double log10_bound = std::log10(tries) - signature * signature / 2 / std::log(10.0);
  return std::min(0.0, log10_bound);
}

}  // namespace steg
