// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared_picture.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace steg {

namespace {

/// The buffer, not its memory alone: memory that is held would be lost to the pool that the buffer returns to.
class HeldBuffer final : public HeldPicture {
 public:
  explicit HeldBuffer(GstBuffer* buffer) : buffer_(gst_buffer_ref(buffer)) {}
  bool wanted() const override { return !has_alone(buffer_.get()); }

 private:
  gststeg::Ptr<GstBuffer> buffer_;
};

/// Nothing if it lies in too many pieces.
std::optional<PictureIdentity> identity_of(GstBuffer* buffer, const GstVideoInfo& info) {
  PictureIdentity identity;
  const guint memories = gst_buffer_n_memory(buffer);
  if (memories > identity.memories.size()) return std::nullopt;
  for (guint i = 0; i < memories; ++i) identity.memories.at(i) = gst_buffer_peek_memory(buffer, i);
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  const gsize* offsets = meta ? meta->offset : info.offset;
  const gint* strides = meta ? meta->stride : info.stride;
  const guint planes = meta ? meta->n_planes : GST_VIDEO_INFO_N_PLANES(&info);
  std::copy_n(offsets, planes, identity.offsets.begin());
  std::copy_n(strides, planes, identity.strides.begin());
  return identity;
}

}  // namespace

std::shared_ptr<PictureLook> shared_look(LookSharer& sharer, GstBuffer* buffer, const GstVideoInfo& info) {
  if (has_alone(buffer)) return nullptr;
  const std::optional<PictureIdentity> identity = identity_of(buffer, info);
  return identity ? sharer.take(*identity, std::make_unique<HeldBuffer>(buffer)) : nullptr;
}

CopyPool::CopyPool(const GstVideoInfo& info) : pool_(gst_buffer_pool_new()) {
  GstStructure* config = gst_buffer_pool_get_config(pool_.get());
  gst_buffer_pool_config_set_params(config, nullptr, static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)), 0, 0);
  if (!gst_buffer_pool_set_config(pool_.get(), config) || !gst_buffer_pool_set_active(pool_.get(), TRUE))
    throw std::runtime_error("No buffers could be set up for marked pictures.");
}

CopyPool::~CopyPool() { gst_buffer_pool_set_active(pool_.get(), FALSE); }

gststeg::Ptr<GstBuffer> CopyPool::like(GstBuffer* input) {
  GstBuffer* raw_output = nullptr;
  if (gst_buffer_pool_acquire_buffer(pool_.get(), &raw_output, nullptr) != GST_FLOW_OK)
    throw std::runtime_error("There is no memory for a marked picture.");
  gststeg::Ptr<GstBuffer> output(raw_output);
  copy_all_but_pixels(output.get(), input);
  return output;
}

void copy_all_but_pixels(GstBuffer* output, GstBuffer* input) {
  constexpr auto kOwn =
      static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_META);
  gst_buffer_copy_into(output, input, kOwn, 0, static_cast<gsize>(-1));
  if (GstVideoMeta* meta = gst_buffer_get_video_meta(output)) gst_buffer_remove_meta(output, &meta->meta);
}

}  // namespace steg
