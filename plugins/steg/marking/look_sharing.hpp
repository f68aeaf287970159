// Lets those who mark the same picture for several recipients look at it once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "picture_look.hpp"
#include "plugins/steg/watermark/picture_view.hpp"

namespace steg {

/// What a picture is known by as long as somebody holds it: the memory that it lies in, and where in it.
struct PictureIdentity {
  static constexpr std::size_t kMost = 4;  ///< memories, or planes
  std::array<const void*, kMost> memories{};
  std::array<std::size_t, kMost> offsets{};
  std::array<int, kMost> strides{};
  bool operator==(const PictureIdentity& other) const {
    return memories == other.memories && offsets == other.offsets && strides == other.strides;
  }
};

/// Holds a picture: while this exists nobody writes into its memory, nor is that used for another one.
class HeldPicture {
 public:
  virtual ~HeldPicture() = default;
  /// Whether anybody else has the picture still.
  virtual bool wanted() const = 0;
};

/// One who marks pictures of a shape with a network, and shares looks at them with all others in this process who do
/// the same. For use from one thread each.
class LookSharer {
 public:
  /// A picture is held until all sharers took its look or nobody else has it, so there may be several: recipients have
  /// queues. Beyond this number the oldest is let go of, and who comes late looks for himself.
  static constexpr std::size_t kMostPictures = 8;

  /// `network`: says what looks depend on besides the picture.
  LookSharer(const std::string& network, const PictureShape& shape);
  ~LookSharer();
  LookSharer(const LookSharer&) = delete;
  LookSharer& operator=(const LookSharer&) = delete;

  /// The look at a picture that the caller has. Null where there is nobody to share it with.
  std::shared_ptr<PictureLook> take(const PictureIdentity& picture, std::unique_ptr<HeldPicture> held);

 private:
  struct Group;
  std::shared_ptr<Group> group_;
};

}  // namespace steg
