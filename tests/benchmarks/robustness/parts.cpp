// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parts.hpp"

#include <cmath>
#include <cstdio>

namespace robustness {
namespace {

using Options = std::vector<std::string>;

std::string text(double number) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.10g", number);
  return buffer;
}

Stage filter(std::string words) {
  Stage stage;
  stage.filter = std::move(words);
  return stage;
}

Stage encoder(Options options) {
  Stage stage;
  stage.encoder = [options = std::move(options)](const CodingContext&) { return options; };
  return stage;
}

/// As a streamer has it: a key frame every two seconds, and where stegencode asks for one.
Stage x264(Options rate_control) {
  Stage stage;
  stage.encoder = [rate_control = std::move(rate_control)](const CodingContext& context) {
    Options options = {"-c:v", "libx264", "-preset",     "veryfast", "-tune", "zerolatency",
                       "-bf",  "0",       "-forced-idr", "1",        "-g",    text(std::round(2 * context.rate))};
    options.insert(options.end(), rate_control.begin(), rate_control.end());
    std::string times;
    for (const int frame : context.key_frames) times += (times.empty() ? "" : ",") + text((frame - 0.25) / context.rate);
    if (!times.empty()) options.insert(options.end(), {"-force_key_frames", times});
    return options;
  };
  return stage;
}

Stage x264_rate(double kbps) {
  const std::string rate = text(kbps) + "k";
  // The buffer of x264enc's default, 600 ms.
  return x264({"-b:v", rate, "-maxrate", rate, "-bufsize", text(0.6 * kbps) + "k"});
}

Stage lines(double number) {
  Stage stage = filter("scale=-2:" + text(number) + ":flags=bicubic");
  stage.lines = static_cast<int>(number);
  return stage;
}

Stage frames_per_second(double number) {
  Stage stage = filter("fps=" + text(number));
  stage.rate = number;
  return stage;
}

Stage jpeg(double quality) {
  Stage stage;
  stage.elements = "videoconvert ! jpegenc quality=" + text(quality) + " ! matroskamux";
  return stage;
}

Stage cover(double percent) {
  const std::string side = text(std::sqrt(percent / 100));
  return filter("drawbox=x=iw*(1-" + side + ")/2:y=ih*(1-" + side + ")/2:w=iw*" + side + ":h=ih*" + side +
                ":color=0x406080:t=fill");
}

constexpr char kLogo[] =
    "drawbox=x=iw*0.84:y=ih*0.05:w=iw*0.12:h=ih*0.12:color=white@0.9:t=fill,"
    "drawbox=x=iw*0.855:y=ih*0.075:w=iw*0.09:h=ih*0.07:color=red@0.9:t=fill";
constexpr char kSubtitles[] =
    "drawtext=text='This is what a subtitle of two lines':fontsize=h/16:fontcolor=white:borderw=2:"
    "x=(w-text_w)/2:y=h*0.82,"
    "drawtext=text='looks like on a copy of the stream':fontsize=h/16:fontcolor=white:borderw=2:"
    "x=(w-text_w)/2:y=h*0.9";
// A player's window of a smaller screen, in RGB with another gamma; the recorder converts to 4:2:0 again.
constexpr char kScreen[] =
    "format=rgb24,scale=trunc(iw*0.83/2)*2:trunc(ih*0.83/2)*2:flags=bilinear,"
    "lutrgb=r=gammaval(1.15):g=gammaval(1.15):b=gammaval(1.15),format=yuv420p,format=rgb24,format=yuv420p";

}  // namespace

const std::vector<Part>& parts() {
  static const std::vector<Part> all = {
      {"crfN", "x264 veryfast zerolatency at CRF N",
       [](double n) {
         return x264({"-crf", text(n)});
       }},
      {"kbpsN", "x264 veryfast zerolatency at N kbit/s", x264_rate},
      {"x265-crfN", "x265 veryfast at CRF N",
       [](double n) {
         return encoder({"-c:v", "libx265", "-preset", "veryfast", "-crf", text(n), "-x265-params",
                         "log-level=error:pools=1:frame-threads=1"});
       }},
      {"vp9-kbpsN", "VP9 (libvpx, realtime) at N kbit/s",
       [](double n) {
         return encoder({"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "7", "-b:v", text(n) + "k"});
       }},
      {"av1-kbpsN", "AV1 (SVT, preset 10) at N kbit/s",
       [](double n) {
         return encoder({"-c:v", "libsvtav1", "-preset", "10", "-b:v", text(n) + "k", "-svtav1-params", "lp=1"});
       }},
      {"jpegN", "every frame a JPEG of quality N", jpeg},
      {"Np", "scaled down to N lines", lines},
      {"fpsN", "reduced to N frames a second", frames_per_second},
      {"blurN", "Gaussian blur, sigma N pixels", [](double n) { return filter("gblur=sigma=" + text(n)); }},
      {"noiseN", "Gaussian noise of N levels on luma, new in every frame",
       // The filter's deviation is its strength over the root of 3.
       [](double n) { return filter("noise=c0s=" + text(std::round(n * std::sqrt(3.0))) + ":c0f=t"); }},
      {"sharpenN", "unsharp mask 5x5 of amount N",
       [](double n) { return filter("unsharp=5:5:" + text(n) + ":5:5:0"); }},
      {"gammaN", "gamma N", [](double n) { return filter("eq=gamma=" + text(n)); }},
      {"brightnessN", "brighter by N% of full scale",
       [](double n) { return filter("eq=brightness=" + text(n / 100)); }},
      {"contrastN", "contrast times N", [](double n) { return filter("eq=contrast=" + text(n)); }},
      {"saturationN", "saturation times N", [](double n) { return filter("eq=saturation=" + text(n)); }},
      {"grey", "without colour", [](double) { return filter("hue=s=0"); }},
      {"logo", "a channel's logo", [](double) { return filter(kLogo); }},
      {"subtitles", "subtitles of two lines", [](double) { return filter(kSubtitles); }},
      {"coverN", "N% of the picture covered by a plain box", cover},
      {"screen", "a screen recording: scaled by 0.83 in RGB, gamma 1.15, 4:2:0 twice",
       [](double) { return filter(kScreen); }},
  };
  return all;
}

}  // namespace robustness
