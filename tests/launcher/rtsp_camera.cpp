// A camera by RTSP for tests: a still picture and a tone, served by gst-rtsp-server until it is killed.
//   rtsp-camera PICTURE.jpg PORT PROTOCOL H264_OR_H265 [CODEC_OF_SOUND]
// PROTOCOL: tcp or udp, the only one that it takes. CODEC_OF_SOUND: aac or pcma; without it there is no sound.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc < 5) {
    std::fputs("usage: rtsp-camera PICTURE.jpg PORT tcp|udp h264|h265 [aac|pcma]\n", stderr);
    return 2;
  }
  const std::string codec = argv[4];
  const std::string sound = argc > 5 ? argv[5] : "";
  std::string launch =
      std::string("( filesrc location=") + argv[1] +
      " ! jpegdec ! imagefreeze is-live=true ! video/x-raw,framerate=25/1 ! videoconvert ! video/x-raw,format=I420 ! ";
  launch += codec == "h264"
                ? "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96"
                : "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph265pay name=pay0 pt=96";
  if (sound == "aac") launch += " audiotestsrc is-live=true ! avenc_aac ! aacparse ! rtpmp4gpay name=pay1 pt=97";
  if (sound == "pcma")
    launch += " audiotestsrc is-live=true ! audioconvert ! audioresample ! alawenc ! rtppcmapay name=pay1 pt=8";
  launch += " )";

  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, argv[2]);
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch.c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_media_factory_set_protocols(
      factory, std::string(argv[3]) == "tcp" ? GST_RTSP_LOWER_TRANS_TCP : GST_RTSP_LOWER_TRANS_UDP);
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, "/camera", factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fprintf(stderr, "rtsp-camera cannot listen on port %s\n", argv[2]);
    return 1;
  }
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
