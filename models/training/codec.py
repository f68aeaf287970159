"""H.264 as an attack: frames go through x264 and come back as its decoder shows them."""
import av
import numpy as np


def x264_round_trip(frames: np.ndarray, crf: float, preset: str = "veryfast", fps: int = 30) -> np.ndarray:
    """[t, h, w] uint8 luma (h and w even) -> the same after x264 (zerolatency) and its decoder; chroma is grey."""
    t, h, w = frames.shape
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = w, h, "yuv420p"
    encoder.time_base = f"1/{fps}"
    encoder.options = {"preset": preset, "tune": "zerolatency", "crf": f"{crf:.1f}", "threads": "1"}
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    grey = np.full((h // 2, w), 128, np.uint8)
    packets = []
    for index, luma in enumerate(frames):
        picture = av.VideoFrame.from_ndarray(np.concatenate([luma, grey]), format="yuv420p")
        picture.pts = index
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    decoded = [f for p in packets for f in decoder.decode(p)] + list(decoder.decode(None))
    return np.stack([f.to_ndarray()[:h] for f in decoded])
