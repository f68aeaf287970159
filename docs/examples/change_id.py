#!/usr/bin/python3
"""Marks a video file from Python and changes the ID while it runs.

    change_id.py INPUT OUTPUT.mp4 FIRST-ID SECOND-ID

The first half of the file carries FIRST-ID, the rest SECOND-ID. Prints each change, from the messages of stegencode, and how many frames
carry which ID, from the meta on each frame. Needs python3-gi and gir1.2-gstreamer-1.0.
SPDX-License-Identifier: LGPL-2.1-or-later
"""
import collections
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

DESCRIPTION = (
    "filesrc name=from ! decodebin ! videoconvert ! video/x-raw,format=I420 ! framediff ! stegencode name=mark"
    " ! auditlog ! x264enc tune=zerolatency speed-preset=veryfast ! h264parse ! mp4mux ! filesink name=to"
)


def main(source: str, target: str, first: str, second: str) -> int:
    pipeline = Gst.parse_launch(DESCRIPTION)
    # As properties, so that blanks and quotes in names need no care.
    pipeline.get_by_name("from").set_property("location", source)
    pipeline.get_by_name("to").set_property("location", target)
    mark = pipeline.get_by_name("mark")
    mark.set_property("id", first)
    loop = GLib.MainLoop()
    frames = collections.Counter()
    failed = False

    def marked(_pad, info):
        # On the streaming thread, so it only counts.
        fields = info.get_buffer().get_custom_meta("GstStegMarkMeta").get_structure()
        frames[fields.get_string("id")] += 1
        return Gst.PadProbeReturn.OK

    def heard(_bus, message):
        nonlocal failed
        fields = message.get_structure()
        if message.type == Gst.MessageType.ELEMENT and fields.has_name("steg-id-applied"):
            print(f"ID {fields.get_string('id')} from {fields.get_value('pts') / Gst.SECOND:.3f} s")
        elif message.type == Gst.MessageType.ERROR:
            print(f"{message.src.get_name()}: {message.parse_error()[0].message}", file=sys.stderr)
            failed = True
            loop.quit()
        elif message.type == Gst.MessageType.EOS:
            loop.quit()

    def change():
        known, position = mark.query_position(Gst.Format.TIME)
        known_end, end = pipeline.query_duration(Gst.Format.TIME)
        if not known or not known_end or position < end / 2:
            return GLib.SOURCE_CONTINUE
        mark.set_property("id", second)  # from any thread, at any time
        return GLib.SOURCE_REMOVE

    mark.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, marked)
    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", heard)
    GLib.timeout_add(20, change)
    pipeline.set_state(Gst.State.PLAYING)
    try:
        loop.run()
    finally:
        pipeline.set_state(Gst.State.NULL)
    if failed:
        return 1
    for frames_id, count in frames.items():
        print(f"{count} frames carry {frames_id}")
    return 0


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) != 5:
        sys.exit(f"usage: {sys.argv[0]} INPUT OUTPUT.mp4 FIRST-ID SECOND-ID")
    sys.exit(main(*sys.argv[1:]))
