// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_store.hpp"

#include <fcntl.h>
#include <gst/video/video.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "jpeg.hpp"
#include "picture_source.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/frame_picture.hpp"

namespace trace {
namespace {

constexpr int kAllPlanes = 3;

/// Not /tmp, which is in memory on many systems.
std::string folder_for_large_files() {
  const char* folder = std::getenv("TMPDIR");
  return folder && *folder ? folder : "/var/tmp";
}

GstVideoInfo info_of(const steg::PictureShape& shape) {
  GstVideoInfo info;
  gst_video_info_init(&info);
  const GstVideoFormat format = shape.has_chroma() ? GST_VIDEO_FORMAT_I420 : GST_VIDEO_FORMAT_GRAY8;
  if (!gst_video_info_set_format(&info, format, static_cast<guint>(shape.width), static_cast<guint>(shape.height)))
    throw std::runtime_error("A frame of " + std::to_string(shape.width) + "x" + std::to_string(shape.height) +
                             " pixels is too large.");
  return info;
}

void copy_plane(const steg::BasicPlane<const std::uint8_t>& from, const GstVideoInfo& info, guint plane,
                std::vector<std::uint8_t>& to) {
  std::uint8_t* row = to.data() + GST_VIDEO_INFO_PLANE_OFFSET(&info, plane);
  const auto width = static_cast<std::size_t>(GST_VIDEO_INFO_COMP_WIDTH(&info, plane));
  for (int y = 0; y < GST_VIDEO_INFO_COMP_HEIGHT(&info, plane); ++y) {
    std::memcpy(row, from.data + y * from.stride, width);
    row += GST_VIDEO_INFO_PLANE_STRIDE(&info, plane);
  }
}

std::vector<std::uint8_t> bytes_of(const steg::PictureView& picture) {
  const GstVideoInfo info = info_of(picture.shape);
  std::vector<std::uint8_t> bytes(GST_VIDEO_INFO_SIZE(&info));
  copy_plane(picture.luma, info, 0, bytes);
  if (picture.shape.has_chroma()) {
    copy_plane(picture.cb, info, 1, bytes);
    copy_plane(picture.cr, info, 2, bytes);
  }
  return bytes;
}

}  // namespace

class FrameStore::Pass : public FrameReader {
 public:
  explicit Pass(const FrameStore& store) : store_(store) {}

  bool next(const std::function<void(const MediaFrame&)>& use) override {
    if (next_ == store_.places_.size()) return false;
    const Place& place = store_.places_[next_++];
    const GstVideoInfo info = info_of(place.shape);
    const gststeg::Ptr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
    std::FILE* file = store_.file_.get();
    GstMapInfo bytes;
    if (!buffer || !gst_buffer_map(buffer.get(), &bytes, GST_MAP_WRITE)) store_.fail("read");
    const bool read =
        fseeko(file, place.offset, SEEK_SET) == 0 && std::fread(bytes.data, 1, bytes.size, file) == bytes.size;
    gst_buffer_unmap(buffer.get(), &bytes);
    if (!read) store_.fail("read");
    const gststeg::Ptr<GstCaps> caps(gst_video_info_to_caps(&info));
    sample_.reset(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
    const gststeg::VideoFrame frame(info, buffer.get(), GST_MAP_READ);
    if (!frame) store_.fail("read");
    use({steg::picture_of(frame), place.time, place.duration, place.key});
    return true;
  }

  std::string thumbnail() const override { return small_jpeg(sample_.get()); }
  double duration() const override { return store_.last_.time + store_.last_.duration; }
  const FrameKeeper* chosen() const override { return &store_.keeper_; }

 private:
  const FrameStore& store_;
  std::size_t next_ = 0;
  gststeg::Ptr<GstSample> sample_;  ///< that next() is handing over
};

FrameStore::FrameStore(double rate) : rate_(rate), folder_(folder_for_large_files()), sampler_(rate) {
  std::string path = folder_ + "/steg-trace-XXXXXX";
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) fail("kept");
  unlink(path.c_str());
  file_.reset(fdopen(descriptor, "w+b"));
  if (file_) return;
  close(descriptor);
  fail("kept");
}

FrameStore::~FrameStore() = default;

void FrameStore::add(const MediaFrame& frame) {
  const bool resized = empty() || frame.picture.shape != last_.shape;
  std::vector<std::uint8_t> bytes = bytes_of(frame.picture);
  keeper_.add(planes_of(frame.picture, kAllPlanes), frame.time, frame.key);
  bytes_ = std::move(bytes);
  last_ = {0, frame.picture.shape, frame.time, frame.duration, frame.key};
  written_ = false;
  if (sampler_.takes(frame.time, frame.duration) || resized) write();
}

void FrameStore::clear() {
  places_.clear();
  bytes_.clear();
  last_ = Place();
  sampler_ = FrameSampler(rate_);
  keeper_ = FrameKeeper();
  size_ = 0;
  if (ftruncate(fileno(file_.get()), 0) != 0) fail("removed");
}

std::unique_ptr<FrameReader> FrameStore::open() {
  // How long the copy lasts is what its last frame says, taken or not.
  if (!empty() && !written_) write();
  return std::make_unique<Pass>(*this);
}

void FrameStore::write() {
  std::FILE* file = file_.get();
  if (fseeko(file, size_, SEEK_SET) != 0 || std::fwrite(bytes_.data(), 1, bytes_.size(), file) != bytes_.size() ||
      std::fflush(file) != 0)
    fail("kept");
  last_.offset = size_;
  size_ += static_cast<std::int64_t>(bytes_.size());
  places_.push_back(last_);
  written_ = true;
}

void FrameStore::fail(const char* what) const {
  throw std::runtime_error("The frames cannot be " + std::string(what) + " in " + folder_ + " (" +
                           std::strerror(errno) +
                           "). Name a folder with room for them in TMPDIR, or take fewer of a second by rate.");
}

}  // namespace trace
