// What the edge's playlists say: the window, the renditions and what is in them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "edge_world.hpp"

using namespace edge_test;

TEST_CASE("a live window ends where the slowest variant does, and begins a little before", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  const auto live = [](int first, int count) {
    std::string text = "#EXTM3U\n";
    for (int i = first; i < first + count; ++i) text += "#EXTINF:2,\n" + World::segment(i) + "\n";
    return text;
  };
  world.write("a", "index.m3u8", live(6, 3));
  world.write("b", "index.m3u8", live(5, 3));
  const std::vector<unsigned> expected = {404, 404, 200, 200, 200, 200, 200, 200, 404, 404};
  for (int i = 0; i < 10; ++i) {
    CAPTURE(i);
    CHECK(world.status(watch + World::segment(i)) == expected[static_cast<std::size_t>(i)]);
  }
  CHECK(world.edge->serve_path(watch + "index.m3u8").text == live(5, 3));
}

TEST_CASE("a live playlist counts by the segments' numbers, whatever its writer does", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  for (const char* variant : {"a", "b"})
    world.write(variant, "index.m3u8",
                "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n898000007.ts\n#EXTINF:2,\n898000008.ts\n");
  CHECK(world.edge->serve_path(watch + "index.m3u8").text ==
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:898000007\n#EXTINF:2,\n898000007.ts\n#EXTINF:2,\n898000008.ts\n");
}

TEST_CASE("sound is a rendition of its own, the same for everybody who has a token", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  CHECK(world.status(watch + "sound/index.m3u8") == 404);
  CHECK(world.edge->serve_path(watch + "master.m3u8").text ==
        "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:BANDWIDTH=8\nindex.m3u8\n");
  std::filesystem::create_directory(world.folder / "sound");
  world.write("sound", "index.m3u8", "#EXTM3U\n#EXTINF:2,\n000000.ts\n#EXT-X-ENDLIST\n");
  world.write("sound", "000000.ts", "sounds");
  world.write("sound", "000001.ts", "not in the playlist");
  CHECK(
      world.edge->serve_path(watch + "master.m3u8").text ==
      "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,URI=\"sound/index.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=32,AUDIO=\"sound\"\nindex.m3u8\n");
  const Served served = world.edge->serve_path(watch + "sound/000000.ts");
  CHECK(served.path == world.folder / "sound" / "000000.ts");
  CHECK(served.folder == "sound");
  CHECK(world.edge->serve_path(watch + "sound/index.m3u8").text.find("000000.ts") != std::string::npos);
  CHECK(world.status("/watch/x/sound/000000.ts") == 403);
  CHECK(world.status("/watch//sound/000000.ts") == 401);
  const std::string name =
      GENERATE(as<std::string>(), "000001.ts", "master.m3u8", "../a/000003.ts", "sound/000000.ts", "");
  CHECK(world.status(watch + "sound/" + name) == 404);
}

TEST_CASE("the playlist of playlists says what the renditions are", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/master.m3u8";
  const auto attributes = [&] {
    const std::string text = world.edge->serve_path(watch).text;
    const std::size_t at = text.find("#EXT-X-STREAM-INF:BANDWIDTH=");
    const std::size_t begin = std::min(text.find(',', at), text.find('\n', at));
    return text.substr(begin, text.find('\n', at) - begin);
  };
  world.formats["a"] = SegmentFormat{"avc1.640015", 480, 270, 29970};
  CHECK(attributes() == ",CODECS=\"avc1.640015\",RESOLUTION=480x270,FRAME-RATE=29.970");
  CHECK(attributes() == ",CODECS=\"avc1.640015\",RESOLUTION=480x270,FRAME-RATE=29.970");
  CHECK(world.asked == std::vector<std::string>{(world.folder / "a" / "000009.ts").string()});

  std::filesystem::create_directory(world.folder / "sound");
  world.write("sound", "index.m3u8", "#EXTM3U\n#EXTINF:2,\n000000.ts\n#EXT-X-ENDLIST\n");
  SECTION("with both") {
    world.formats["sound"] = SegmentFormat{"mp4a.40.2", 0, 0, 0};
    CHECK(attributes() == ",CODECS=\"avc1.640015,mp4a.40.2\",RESOLUTION=480x270,FRAME-RATE=29.970,AUDIO=\"sound\"");
  }
  SECTION("half of the codecs would be wrong") {
    CHECK(attributes() == ",RESOLUTION=480x270,FRAME-RATE=29.970,AUDIO=\"sound\"");
  }
  SECTION("a stream that comes back is another one") {
    world.formats["sound"] = SegmentFormat{"mp4a.40.5", 0, 0, 0};
    world.formats["a"] = SegmentFormat{"avc1.42c01e", 640, 360, 0};
    for (const char* variant : {"a", "b"}) world.write(variant, "index.m3u8", "#EXTM3U\n#EXTINF:2,\n000000.ts\n");
    CHECK(attributes() == ",CODECS=\"avc1.42c01e,mp4a.40.5\",RESOLUTION=640x360,AUDIO=\"sound\"");
  }
}

TEST_CASE("live sound has the segments of the picture, and when it has ended, all of its own", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  const auto list = [](int first, int last) {
    std::string text = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first) + "\n";
    for (int i = first; i <= last; ++i) text += "#EXTINF:2,\n" + World::segment(i) + "\n";
    return text;
  };
  for (const char* variant : {"a", "b"}) world.write(variant, "index.m3u8", list(8, 10));
  std::filesystem::create_directory(world.folder / "sound");
  const auto told = [&](const std::string& text) {
    world.write("sound", "index.m3u8", text);
    return world.edge->serve_path(watch + "sound/index.m3u8").text;
  };
  CHECK(told(list(9, 12)) == list(9, 10));
  CHECK(told(list(8, 9)) == list(8, 9));
  CHECK(told(list(5, 12)) == list(8, 10));
  for (const int number : {5, 11, 12}) {
    world.write("sound", World::segment(number), "sound");
    CHECK(world.status(watch + "sound/" + World::segment(number)) == (number == 5 ? 200 : 404));
  }
  // The number that counts is the first segment's: its digits move what follows.
  CHECK(told("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n" + list(10, 12).substr(list(10, 12).find("#EXTINF"))) == list(10, 10));
  CHECK(told(list(8, 10) + "#EXT-X-ENDLIST\n") == list(8, 10) + "#EXT-X-ENDLIST\n");
  // What a source left that came back without sound.
  for (const std::string& left : {list(5, 7) + "#EXT-X-ENDLIST\n", list(11, 12)}) {
    world.write("sound", "index.m3u8", left);
    CHECK(world.status(watch + "sound/index.m3u8") == 503);
    CHECK(world.edge->serve_path(watch + "master.m3u8").text.find("AUDIO") == std::string::npos);
  }
  for (const char* variant : {"a", "b"}) world.write(variant, "index.m3u8", list(8, 10) + "#EXT-X-ENDLIST\n");
  CHECK(told(list(8, 12) + "#EXT-X-ENDLIST\n") == list(8, 12) + "#EXT-X-ENDLIST\n");
}
