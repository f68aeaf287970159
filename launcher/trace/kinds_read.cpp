// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kinds_read.hpp"

#include <algorithm>
#include <iterator>

namespace trace {
namespace {

constexpr std::string_view kElements[] = {
    // files
    "asfdemux", "avidemux", "dvdemux", "flvdemux", "ivfparse", "matroskademux", "mpegpsdemux", "mxfdemux", "oggdemux",
    "ogmvideoparse", "qtdemux", "tsdemux", "y4mdec",
    // what stands before or around them
    "apedemux", "id3demux",
    // streams
    "av1parse", "diracparse", "h263parse", "h264parse", "h265parse", "jpeg2000parse", "jpegparse", "mpeg4videoparse",
    "mpegvideoparse", "pngparse", "theoraparse", "vc1parse", "vp9parse",
    // transparency of VP8 and VP9
    "alphacombine", "codecalphademux", "vp8alphadecodebin", "vp9alphadecodebin",
    // video
    "av1dec", "avdec_av1", "avdec_cfhd", "avdec_cinepak", "avdec_dirac", "avdec_dnxhd", "avdec_dvvideo", "avdec_ffv1",
    "avdec_ffvhuff", "avdec_flashsv", "avdec_flashsv2", "avdec_flv", "avdec_h261", "avdec_h263", "avdec_h263i",
    "avdec_h263p", "avdec_h264", "avdec_h265", "avdec_huffyuv", "avdec_mjpeg", "avdec_mpeg2video", "avdec_mpeg4",
    "avdec_mpegvideo", "avdec_msmpeg4", "avdec_msmpeg4v1", "avdec_msmpeg4v2", "avdec_msvideo1", "avdec_prores",
    "avdec_qtrle", "avdec_rv10", "avdec_rv20", "avdec_rv30", "avdec_rv40", "avdec_svq1", "avdec_svq3", "avdec_utvideo",
    "avdec_vc1", "avdec_vp3", "avdec_vp4", "avdec_vp5", "avdec_vp6", "avdec_vp6a", "avdec_vp6f", "avdec_vp7",
    "avdec_vp8", "avdec_vp9", "avdec_wmv1", "avdec_wmv2", "avdec_wmv3", "dav1ddec", "dvdec", "libde265dec", "mpeg2dec",
    "openh264dec", "theoradec", "vp8dec", "vp9dec",
    // pictures
    "avdec_apng", "avdec_bmp", "avdec_jpeg2000", "avdec_jpegls", "avdec_pbm", "avdec_pgm", "avdec_png", "avdec_ppm",
    "avdec_targa", "avdec_tiff", "avdec_webp", "jpegdec", "openjpegdec", "pngdec", "pnmdec", "webpdec"};

}  // namespace

bool may_read(std::string_view element) {
  return std::find(std::begin(kElements), std::end(kElements), element) != std::end(kElements);
}

}  // namespace trace
