// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "subtraction.hpp"

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
    for (const int frame : context.key_frames)
      times += (times.empty() ? "" : ",") + text((frame - 0.25) / context.rate);
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

Stage subtract(double seconds) {
  Stage stage;
  stage.seen = std::max(1.0, seconds);
  return stage;
}

/// For steg-trace, whose search finds the picture again.
Stage moved(std::string words) {
  Stage stage = filter(std::move(words));
  stage.traced = true;
  return stage;
}

/// `left`, `top`: where the part that is kept begins, as a share of what is cut off.
Stage crop(double percent, double left, double top) {
  const std::string side = text(std::sqrt(percent / 100));
  return moved("crop=trunc(iw*" + side + "/2)*2:trunc(ih*" + side + "/2)*2:(iw-ow)*" + text(left) + ":(ih-oh)*" +
               text(top));
}

/// The picture keeps its size and loses its corners, but for quarter turns.
Stage rotate(double degrees) {
  if (degrees == 90) return moved("transpose=clock");
  if (degrees == 180) return moved("hflip,vflip");
  if (degrees == 270) return moved("transpose=cclock");
  return moved("rotate=" + text(degrees) + "*PI/180");
}

Stage portrait() {
  Stage stage = moved("crop=trunc(ih*9/32)*2:ih");
  stage.landscape = true;
  return stage;
}

Stage moment(double start) {
  Stage stage = filter("trim=start=" + text(start) + ":duration=0.5,setpts=PTS-STARTPTS");
  stage.start = start;
  return stage;
}

/// A still as a file of its own format: the first picture that comes.
Stage still_file(const std::string& encoder) {
  Stage stage;
  stage.elements = "videoconvert ! " + encoder + " snapshot=true";
  stage.traced = true;
  return stage;
}

// A screen of 1920x1080 with a player whose picture fills half of its width or height, and another window.
constexpr char kDesktop[] =
    "scale=960:540:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear,"
    "pad=1920:1080:560:240:color=0x2d5f7a,drawbox=x=60:y=80:w=420:h=700:color=0xf4f4f4:t=fill,"
    "drawtext=text='A document in another window':x=80:y=120:fontsize=22:fontcolor=black,"
    "drawbox=x=560:y=200:w=960:h=40:color=0x303030:t=fill,"
    "drawtext=text='Player':x=580:y=210:fontsize=20:fontcolor=white,"
    "drawbox=x=0:y=1030:w=1920:h=50:color=0x101418:t=fill,drawbox=x=16:y=1038:w=34:h=34:color=0xe08030:t=fill";

/// A coordinate of a corner: `at` of the length of a side, and what a hand that shakes adds.
std::string shaken(const std::string& side, double at, const std::string& sway) {
  return "'" + side + "*" + text(at) + sway + "'";
}

enum class Distance { whole_screen, near };

/// A screen filmed by a phone of 720 lines at 30 frames a second: frames that blend because the rates beat, the
/// screen's dots against the sensor's as moire, perspective and a hand that shakes, blur, gamma, noise. The corners are
/// up to `percent` of the sides away from where they belong: those of the screen within the view, or from near those of
/// the view within the screen.
Stage phone(double percent, Distance distance) {
  const double share = percent / 100;
  const std::string x = "+4*sin(on/7)+6*sin(on/31)";
  const std::string y = "+3*sin(on/5)";
  const std::string corners = "x0=" + shaken("W", share, x) + ":y0=" + shaken("H", 0.3 * share, y) +
                              ":x1=" + shaken("W", 1 - 0.2 * share, x) + ":y1=" + shaken("H", 0.7 * share, y) +
                              ":x2=" + shaken("W", 0.4 * share, x) + ":y2=" + shaken("H", 1 - 0.5 * share, y) +
                              ":x3=" + shaken("W", 1 - 0.6 * share, x) + ":y3=" + shaken("H", 1 - 0.1 * share, y);
  const bool near = distance == Distance::near;
  return moved(
      "setpts=PTS*1.003,framerate=fps=30:interp_start=0:interp_end=255:scene=100,"
      "scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear," +
      std::string(near ? "" : "pad=1440:810:(ow-iw)/2:(oh-ih)/2:color=0x202428,") +
      "format=yuv420p[screen];"
      "color=c=gray:s=1440x810:r=30:d=0.03,format=yuv420p,"
      "geq=lum='128+6*sin(0.61*X+0.13*Y)*cos(0.05*X-0.47*Y)':cb=128:cr=128,loop=-1:1:0[dots];" +
      std::string(near ? "[dots][screen]scale2ref[dots][screen];" : "") +
      "[screen][dots]blend=c0_mode=grainmerge:c1_mode=normal:c2_mode=normal:shortest=1,perspective=" + corners +
      ":sense=" + (near ? "source" : "destination") +
      ":eval=frame,scale=1280:720:flags=bilinear,gblur=sigma=0.9,eq=gamma=1.2:contrast=0.92,"
      "noise=c0s=7:c0f=t");
}

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
      {"hueN", "colours turned by N degrees", [](double n) { return filter("hue=h=" + text(n)); }},
      {"grey", "without colour", [](double) { return filter("hue=s=0"); }},
      {"logo", "a channel's logo", [](double) { return filter(kLogo); }},
      {"subtitles", "subtitles of two lines", [](double) { return filter(kSubtitles); }},
      {"coverN", "N% of the picture covered by a plain box", cover},
      {"screen", "a screen recording: scaled by 0.83 in RGB, gamma 1.15, 4:2:0 twice",
       [](double) { return filter(kScreen); }},
      {"subtract", "the mark learned from 60 s with the public networks, and subtracted; by itself",
       [](double) { return subtract(kAttackedSeconds); }},
      {"subtractN", "the same learned from N s of the stream", subtract},
      {"cropN", "the centre, N% of the area", [](double n) { return crop(n, 0.5, 0.5); }},
      {"cornerN", "the bottom right corner, N% of the area", [](double n) { return crop(n, 1, 1); }},
      {"rotateN", "turned by N degrees, in a picture of the same size but for quarter turns", rotate},
      {"widthN", "width times N",
       [](double n) { return moved("scale=trunc(iw*" + text(n) + "/2)*2:ih:flags=bicubic"); }},
      {"heightN", "height times N",
       [](double n) { return moved("scale=iw:trunc(ih*" + text(n) + "/2)*2:flags=bicubic"); }},
      {"mirror", "left and right exchanged", [](double) { return moved("hflip"); }},
      {"letterbox", "black bars above and below, a third as high as the picture",
       [](double) { return moved("pad=iw:trunc(ih*2/3)*2:0:(oh-ih)/2"); }},
      {"pillarbox", "black bars left and right, a third as wide as the picture",
       [](double) { return moved("pad=trunc(iw*2/3)*2:ih:(ow-iw)/2:0"); }},
      {"portrait", "the middle of a landscape as 9:16", [](double) { return portrait(); }},
      {"desktop", "a recording of a desktop of 1080 lines with the player's window at half of its sides",
       [](double) { return moved(kDesktop); }},
      {"phoneN", "a screen filmed by a hand-held phone, corners out of place by up to N%",
       [](double n) { return phone(n, Distance::whole_screen); }},
      {"nearN", "the same from so near that the screen's edges are out of view",
       [](double n) { return phone(n, Distance::near); }},
      {"atN", "nothing but the half second from N seconds on", moment},
      {"png", "one still, a PNG file", [](double) { return still_file("pngenc"); }},
      {"jpgN", "one still, a JPEG file of quality N",
       [](double n) { return still_file("jpegenc quality=" + text(n)); }},
  };
  return all;
}

}  // namespace robustness
