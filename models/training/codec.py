"""Video codecs as an attack: frames go through the real encoder and come back as its decoder shows them."""
import av
import numpy as np


def round_trip(luma: np.ndarray, chroma: np.ndarray, crf: float, codec: str = "libx264", preset: str = "veryfast",
               fps: int = 30, options: dict = None):
    """luma [t,h,w] and chroma [t,2,h/2,w/2], uint8 -> the same after the codec and its decoder."""
    t, h, w = luma.shape
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = w, h, "yuv420p"
    encoder.time_base = f"1/{fps}"
    settings = {"preset": preset, "tune": "zerolatency", "crf": f"{crf:.1f}", "threads": "1"}
    if codec == "libx265":
        settings = {"preset": "ultrafast", "tune": "zerolatency", "crf": f"{crf:.1f}", "x265-params": "log-level=none:pools=1:frame-threads=1"}
    settings.update(options or {})
    encoder.options = settings
    decoder = av.CodecContext.create("h264" if codec == "libx264" else "hevc", "r")
    decoder.thread_count = 1
    packets = []
    for index in range(t):
        picture = av.VideoFrame.from_ndarray(np.concatenate([luma[index].ravel(), chroma[index].ravel()]).reshape(h * 3 // 2, w), format="yuv420p")
        picture.pts = index
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    decoded = [f for p in packets for f in decoder.decode(p)] + list(decoder.decode(None))
    size = sum(p.size for p in packets)
    flat = np.stack([f.to_ndarray().reshape(-1) for f in decoded])
    return flat[:, :h * w].reshape(-1, h, w), flat[:, h * w:].reshape(-1, 2, h // 2, w // 2), size
