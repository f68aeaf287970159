// libsteg-trace: finds the ID that stegencode put into a video, an image, or frames that the program has decoded. For C
// there is steg-trace.h. SPDX-License-Identifier: LGPL-2.1-or-later
//
//   steg_trace::Options options;
//   options.key_file = "steg.key";
//   steg_trace::Tracer tracer(options);
//   for (const steg_trace::Segment& segment : tracer.read("leak.mp4").segments) std::cout << segment.id << "\n";
//
// Build with `pkg-config --cflags --libs steg-trace`. steg-trace itself is written on this header.
//
// What read() does to protect the process from a file that a stranger made: it has a list of the demultiplexers and
// decoders that may read it, so that nothing within a file names another file or an address that is then opened, and it
// decodes no picture of more than Options::max_pixels. What it does not do: the decoders, C code of GStreamer's
// plugins, run in your process, without a limit of time and memory; read() returns when it is done. Tracer::confine()
// takes from the process what reading does not need, and cannot be undone. A service that reads what strangers send
// starts a process for each file, sets limits there (setrlimit), and calls confine() in it.
//
// Everything here may throw Error, or std::bad_alloc. A Tracer is used by one thread at a time. Below version 1.0 these
// structures may get new members; the number of the library then changes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#define STEG_TRACE_API __attribute__((visibility("default")))

namespace steg_trace {

/// what() says what is wrong and what to do: an option, the key, a network. A file that cannot be read is no Error: see
/// Findings::error.
class STEG_TRACE_API Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Viewers of an A/B stream who had a token. Their patterns were made with the same two settings.
struct Viewers {
  int variants = 2;      ///< 2 to 4, as the stream has
  bool uniform = false;  ///< equal shares of the variants
  std::vector<std::string> names;
};

inline constexpr std::int64_t kDefaultMaxPixels = 67'108'864;  ///< 8192 x 8192

/// As the options of steg-trace, by whose names messages call them.
struct Options {
  std::string key_file;       ///< file with the secret key of the marks
  std::string key;            ///< the key itself, 64 hexadecimal digits. Without either: the published key
  std::string model;          ///< extractor network, that one alone; empty: the installed ones, newest first
  double max_p_value = 1e-9;  ///< an ID is reported if its p-value is at most this; more than 0, at most 1
  double rate = 10.0;         ///< frames taken of a second of video, at most
  double epoch_period = 2.0;  ///< seconds, as stegencode's epoch-period was; 0.001 to 86400
  bool search = true;         ///< look for the picture where the whole copy as it is carries no mark; may take minutes
  bool thorough = false;      ///< decode and look at all frames taken, also where fewer say the same
  bool pictures = false;      ///< fill in Segment::picture
  bool hash = true;           ///< fill in Findings::sha256, bytes and modified, for which the whole file is read
  int threads = 0;            ///< of the network and the search, at most 1024; 0: one for each CPU
  std::int64_t max_pixels = kDefaultMaxPixels;  ///< of a picture; none that is larger is decoded. At least 1
  std::vector<std::string> issued_ids;          ///< IDs that were given out: weaker marks of these are found
  std::vector<Viewers> viewers;                 ///< are scored where a copy shows segments of an A/B stream

  // Called from read(), in its thread. They may be empty, and throw nothing.
  std::function<void(double)> progress;             ///< how much of the search is done, 0 to 1
  std::function<void(const std::string&)> step;     ///< what is done next, in words
  std::function<void(const std::string&)> warning;  ///< about a network that is none of gst-steg's: it is a program
};

/// Throws Error if an option has a value that it cannot have; the message begins with its name ("rate must be ...").
STEG_TRACE_API void check(const Options& options);

/// A point of the copy's picture: x from 0 at its left edge to 1 at its right one, y from 0 at the top to 1 below.
struct Corner {
  double x;
  double y;
};

/// A stretch of the day, seconds after midnight UTC. `to` may lie before `from`, on the next day.
struct MarkedTime {
  double from;
  double to;
};

/// A small picture of the copy.
struct Picture {
  double time = 0.0;   ///< seconds
  std::string base64;  ///< of a JPEG file; empty if there is none
};

/// 10^log10_p, not below the smallest positive normal double.
inline double p_value(double log10_p) { return std::max(std::pow(10.0, log10_p), std::numeric_limits<double>::min()); }

/// A stretch of time that carries one ID.
struct Segment {
  double from;          ///< seconds from the start of the file
  double to;            ///< seconds
  int frames;           ///< taken within
  std::string id;       ///< 1 to 7 bytes, as stegencode had it
  double signature;     ///< S, about N(0,1) for an ID that is not in the copy
  double log10_p;       ///< log10 of the p-value: it bounds the probability that any ID is reported by chance
  double bit_accuracy;  ///< share of the 256 code bits that agree with the ID
  bool mixed = false;   ///< other IDs are there at the same time: copies were averaged, or cut together
  std::optional<MarkedTime> marked = {};  ///< when this part was marked, if the mark says it
  /// Corners of the marked picture in the copy: top left, top right, bottom right, bottom left as it was marked. Of a
  /// crop they lie outside of the copy.
  std::array<Corner, 4> outline = {Corner{0, 0}, Corner{1, 0}, Corner{1, 1}, Corner{0, 1}};
  std::array<float, 256> soft_bits{};  ///< z of each code bit, positive where it agrees with the ID
  /// Of a mix: how strongly each part of the picture carries the ID, kTilesAcross in each of kTilesDown rows. Else
  /// empty.
  std::vector<double> tiles = {};
  Picture picture = {};
};
inline constexpr int kTilesAcross = 6;
inline constexpr int kTilesDown = 4;

/// What a copy says of a segment of an A/B stream.
enum class AbState {
  read,   ///< one variant
  mixed,  ///< several, averaged or in turn
  unread  ///< too little to tell
};

/// A segment of an A/B stream that the copy shows.
struct AbSegment {
  double from;  ///< seconds in the copy
  double to;
  int frames;
  std::uint32_t position;  ///< its number in the stream
  AbState state;
  int variant;                        ///< the likeliest one, 0 for a
  std::array<double, 4> likelihoods;  ///< of what is seen, if that variant is among those shown; the largest is 1
  double signature;                   ///< S of the likeliest variant

  /// a to d, + for mixed, . for unread.
  char letter() const {
    if (state == AbState::mixed) return '+';
    return state == AbState::read ? static_cast<char>('a' + variant) : '.';
  }
};

struct ScoredViewer {
  std::string name;
  bool named;      ///< gave the copy, or a part of it, away: the p-value is at most Options::max_p_value
  double log10_p;  ///< bounds the probability that anybody who gave nothing is named so strongly
  int leakers;     ///< so many were taken to be in the copy beside those named before
  std::uint32_t first;
  std::uint32_t last;         ///< positions of the first and the last segment that the score rests on
  std::vector<int> variants;  ///< what this viewer was sent of AbStream::segments
};

/// What a copy of an A/B stream shows.
struct AbStream {
  std::vector<AbSegment> segments;   ///< in order of time; a part of the copy may show a position again
  double signature = 0;              ///< S of all segments together
  double log10_p = 0;                ///< bounds the probability that segments are reported where there are none
  std::size_t viewers = 0;           ///< that were scored
  std::vector<ScoredViewer> scored;  ///< those who are named, then the next ones
  double needed_of_one = 0;  ///< so many segments like these name their only leaker in the mean; infinite if none do
  double needed_of_two = 0;  ///< and so many one of two who mixed theirs
  std::string warning;       ///< about the viewers' patterns; empty for none
};

/// Samples of 8 bits, in the program's memory.
struct Plane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;  ///< bytes from one row to the next, at least a row's
  std::size_t size = 0;       ///< bytes at `data`
};

/// A frame that the program has decoded itself: I420, or GRAY8 where `cb` and `cr` are null. The range and the matrix
/// of its colours are not asked for.
struct Frame {
  int width = 0;  ///< pixels; Cb and Cr have half of them, rounded up, across and down
  int height = 0;
  Plane y;
  Plane cb = {};
  Plane cr = {};
  std::int64_t time = 0;      ///< ns from the start of the copy; not before that of the frame pushed before
  std::int64_t duration = 0;  ///< ns; 0 if it is not known
  bool key = false;           ///< was coded without reference to other frames, as far as is known
};

/// How a search found the marked picture.
struct Found {
  std::string how;     ///< for people, such as "whole picture, mirrored"
  double pilot = 0.0;  ///< strength of the pilots there
  int position = 0;    ///< how many places had been tried
};

/// A file of a network, and the start of its SHA-256.
struct Network {
  std::string path;
  std::string fingerprint;
};

/// What was found in a file.
struct Findings {
  std::string file;     ///< empty: frames that were pushed
  std::string error;    ///< why nothing could be read; empty if it was read
  std::string warning;  ///< why it was read in part; empty if it was not
  int width = 0;        ///< of the first frame, pixels
  int height = 0;
  double duration = 0.0;   ///< seconds, of the frames decoded; 0 for an image
  std::size_t frames = 0;  ///< taken
  std::vector<Segment> segments;
  std::optional<AbStream> ab;
  std::optional<Found> found;      ///< if a search was needed
  std::optional<Network> earlier;  ///< the network that read it, if it is not the newest
  std::string sha256;              ///< hexadecimal; empty if not asked for, and for what is no local file
  std::uint64_t bytes = 0;
  std::string modified;  ///< time of the file's last change, UTC

  bool has_mark() const { return !segments.empty() || ab; }
};

/// What is needed to do the same again.
struct Run {
  std::string version;  ///< of the library
  std::string command;  ///< of the program; empty if it did not say
  std::string made_at;  ///< UTC
  std::string model;    ///< path of the newest network
  std::string model_fingerprint;
  std::string key_fingerprint;
  bool public_key = false;  ///< anybody can make marks of it, so they prove nothing
  std::string sandbox;      ///< what confine() has done; "none"
  double max_p_value = 0.0;
};

class STEG_TRACE_API Tracer {
 public:
  /// Reads the key and finds the networks' files. Calls gst_init() if nobody has.
  explicit Tracer(Options options);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// From now on this thread and those that it starts can read the system's libraries, GStreamer's plugins, the
  /// networks and `files`, and nothing else; they can open no file for writing, start no program, and reach no network
  /// unless one of `files` is an address. Without files: to push frames. Returns what the system could do of that, such
  /// as "Landlock 4, seccomp"; "none" if nothing. Call it before load() and before the process has other threads.
  std::string confine(const std::vector<std::string>& files);

  /// Loads the newest network: about a second. The first read() does it, too.
  void load();

  /// Reads a video or an image: a path or a URI. Takes from a fraction of a second for an image up to minutes.
  Findings read(const std::string& file);

  /// Takes the next frame of a copy that the program decodes, shown from its time on. Copies what it needs before it
  /// returns: of Options::rate frames a second all planes, in a file without a name in the folder $TMPDIR, or /var/tmp,
  /// since a search may look at them many times. Throws Error for a frame that cannot be, and where there is no room;
  /// what was pushed before stays.
  void push(const Frame& frame);
  /// The copy has ended: what read() would say of a file with the frames pushed, all decoded. The next push() begins
  /// another copy. Throws Error if no frame was pushed.
  Findings finish();

  /// Scores Options::viewers while a stream, or a file that somebody is still writing, plays: the whole picture, with
  /// the newest network, until a viewer is named or the copy ends, which a file has that has not grown for 30 s. `tell`
  /// is called with each score, and seconds of the copy so far. All looks together are held to Options::max_p_value.
  Findings follow(const std::string& file, const std::function<void(double time, const AbStream&)>& tell);

  /// Loads the network if nobody has.
  Run run();

  /// The document that docs/steg-trace.md describes, with this one file and without an audit log.
  std::string json(const Findings& findings);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace steg_trace
