// FLV tags: of the muxer, and of a source.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/playback/flv_source.hpp"
#include "launcher/playback/flv_tag.hpp"

namespace {

std::string tag(char type, const std::string& body) {
  const auto three = [](std::size_t n) {
    return std::string{static_cast<char>(n >> 16U & 0xFFU), static_cast<char>(n >> 8U & 0xFFU),
                       static_cast<char>(n & 0xFFU)};
  };
  return type + three(body.size()) + three(40) + std::string(4, '\0') + body + '\0' + three(body.size() + 11);
}

std::string text(const char* bytes, std::size_t size) { return {bytes, size}; }

}  // namespace

fuzz::Target fuzz::flv() {
  const std::string metadata =
      "\x02" + text("\0\x0aonMetaData", 12) + text("\x08\0\0\0\1\0\x0cvideocodecid\0\x40\x28\0\0\0\0\0\0", 28);
  const std::string tags = tag(9, text("\x17\0\0\0\0avcC", 9)) + tag(8, text("\xaf\0\x12\x10", 4)) +
                           tag(9, text("\x27\1\0\0\0\0\0\0\1e", 10)) + tag(8, text("\xaf\1snd", 5));
  return {
      "flv",
      {launcher::flv_header(true, true) + tag(18, metadata) + tags, tags, tag(9, text("\x90hvc1\1\2\3", 8)),
       tag(9, text("\x1c\0\0\0\0\1\2\x20", 8)), tag(8, text("\x90Opus", 5)),
       tag(9, text("\x90"
                   "av01\x81\x20\x40",
                   8)),
       tag(18, "\x02videocodecid" + text("\x02\0\4hvc1", 7))},
      {"hvc1", "av01", "avc1", "Opus", "videocodecid", "FLV\x01"},
      5000,
      [](const std::string& input) {
        const auto* data = reinterpret_cast<const std::uint8_t*>(input.data());
        launcher::FlvTimeline timeline;
        std::uint64_t session = 0;
        for (const launcher::FlvTag& tag : launcher::split_flv(data, input.size())) {
          require(tag.data >= data && tag.data + tag.size <= data + input.size(), "a tag lies within the bytes");
          ++session;
          const auto time = timeline.map(session / 3, tag.timestamp, static_cast<std::int64_t>(session * 20));
          const std::string changed = launcher::with_timestamp(tag, time);
          require(changed.size() == tag.size, "a timestamp changes no size");
          const auto again = launcher::split_flv(reinterpret_cast<const std::uint8_t*>(changed.data()), changed.size());
          require(again.size() == 1 && again[0].timestamp == time && again[0].kind == tag.kind,
                  "a tag keeps its kind and has the timestamp that it was given");
        }
        launcher::FlvSource source;
        for (int i = 0; i < 2; ++i) source.look(data, input.size());
        require(source.picture().size() < 100 && source.announced_picture().size() < 100 && source.sound().size() < 100,
                "a codec's name is short");
      }};
}
