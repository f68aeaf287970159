// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_source.hpp"

#include "plugins/steg/watermark/picture_grid.hpp"

namespace trace {
namespace {

class WholePicture final : public PictureSource {
 public:
  WholePicture(const steg::PictureShape& shape, int planes) : grid_(shape, planes) {}
  steg::CellLayout layout() const override { return grid_.layout(); }
  std::size_t sampled() const override { return layout().cells(); }
  void sample(const steg::PictureView& picture, float* cells) override { grid_.average_down(picture, cells); }
  void extract(const float* cells, steg::Extractor& extractor, float* field) const override {
    extractor.field_on_one_thread(cells, grid_.size(), field);
  }

 private:
  steg::PictureGrid grid_;
};

class LocatedPicture final : public PictureSource {
 public:
  LocatedPicture(const Place& place, int planes) : placed_(place, planes) {}
  steg::CellLayout layout() const override { return placed_.layout(); }
  std::size_t sampled() const override { return placed_.sampled(); }
  void sample(const steg::PictureView& picture, float* cells) override {
    placed_.sample(planes_of(picture, placed_.layout().planes), cells);
  }
  void extract(const float* cells, steg::Extractor& extractor, float* field) const override {
    placed_.extract(cells, extractor, field);
  }

 private:
  PlacedField placed_;
};

}  // namespace

steg::sync::Planes planes_of(const steg::PictureView& picture, int planes) {
  const steg::PictureShape& shape = picture.shape;
  const steg::sync::LumaView luma{picture.luma.data, picture.luma.stride, shape.width, shape.height};
  if (planes == steg::kLumaOnly || !shape.has_chroma()) return {luma};
  return {luma,
          {picture.cb.data, picture.cb.stride, shape.chroma_width, shape.chroma_height},
          {picture.cr.data, picture.cr.stride, shape.chroma_width, shape.chroma_height}};
}

std::unique_ptr<PictureSource> whole_picture(const steg::PictureShape& shape, int planes) {
  return std::make_unique<WholePicture>(shape, planes);
}

std::unique_ptr<PictureSource> located_picture(const Place& place, int planes) {
  return std::make_unique<LocatedPicture>(place, planes);
}

}  // namespace trace
