"""How visible a small change is: a differentiable model of what Butteraugli (Alakuijala et al.) and the eye see of it.

The change is taken into opponent colours (X red-green, Y luminance, B blue-yellow) with the derivative of a logarithmic
response at the picture's own colours, split into octave bands, weighed by contrast sensitivity and by what the picture's
texture masks, and pooled so that the worst places count most. WEIGHTS and MASKING are fitted to butteraugli_main."""
import torch
from torch.nn import functional as F

MIX = torch.tensor([[0.2995, 0.6335, 0.0779], [0.2216, 0.6939, 0.0987], [0.02, 0.02, 0.2048]])
RGB_OF_YCC = torch.tensor([[1.1644, 0.0, 1.7927], [1.1644, -0.2132, -0.5329], [1.1644, 2.1124, 0.0]])
SIGMAS = (1.2, 2.4, 4.8, 9.6)  # pixels at 100%, between bands
_blurs = {}


def blur_matrix(size, sigma):
    key = (size, sigma)
    if key not in _blurs:
        at = torch.arange(size, dtype=torch.float32)
        m = torch.exp(-(at[:, None] - at[None]) ** 2 / (2 * sigma * sigma))
        _blurs[key] = m / m.sum(1, keepdim=True)
    return _blurs[key]


def blur(x, sigma):
    return blur_matrix(x.shape[-2], sigma) @ x @ blur_matrix(x.shape[-1], sigma).T


def colour_response(ycc):
    """[n,3,h,w] in 8-bit limited-range levels -> [n,3,3,h,w], d(X,Y,B)/d(Y',Cb,Cr), and the response itself."""
    offset = torch.tensor([16.0, 128.0, 128.0])[None, :, None, None]
    rgb = torch.einsum("ij,njhw->nihw", RGB_OF_YCC, ycc - offset).clamp(0, 255)
    linear = (rgb / 255) ** 2.2 * 80
    slope = (2.2 * (rgb / 255).clamp(min=0.061) ** 1.2 / 255 * 80)
    mixed = torch.einsum("ij,njhw->nihw", MIX, linear) + 2.0
    response = 19.245 * torch.log(mixed + 9.971)
    gain = 19.245 / (mixed + 9.971)
    lms = gain[:, :, None] * torch.einsum("ij,jk,njhw->nikhw", MIX, RGB_OF_YCC, slope)
    jacobian = torch.stack([lms[:, 0] - lms[:, 1], lms[:, 0] + lms[:, 1], lms[:, 2]], 1)
    return jacobian, torch.stack([response[:, 0] - response[:, 1], response[:, 0] + response[:, 1], response[:, 2]], 1)


# Fitted to butteraugli_main's 3-norm on 22 pictures with noise of five bands in each plane (rms error of its logarithm 0.33):
# rows X, Y, B; columns from fast (a period of under 6 pixels) to slow.
WEIGHTS = torch.tensor([[13.72, 23.63, 12.85, 41.80, 85.97], [2.213, 6.675, 8.419, 7.906, 5.095],
                        [1.6, 2.6, 3.1, 6.562, 12.14]])
MASKING = torch.tensor([1.793, 0.161, 1.512])
# At twice the size every band is where the next slower one was.
TWICE = torch.cat([WEIGHTS[:, 1:], WEIGHTS[:, 4:]], 1)


class Scene:
    """What of a picture decides how visible changes in it are. ycc: [n,3,h,w], Y', Cb, Cr in 8-bit levels; `pixels`: of the
    picture at 100% along one of these."""

    def __init__(self, ycc, pixels: int = 1):
        self.pixels = pixels
        with torch.no_grad():
            self.jacobian, response = colour_response(ycc)
            y = response[:, 1:2]
            detail = y - blur(y, 2.4 / pixels)
            activity = torch.sqrt(blur(detail * detail, 2.4 / pixels) + 1e-6)
            self.mask = 1 / (1 + activity * MASKING[None, :, None, None])

    def distance(self, change):
        """[n,3,h,w], change of Y', Cb, Cr in levels -> two of [n,h,w] in units of Butteraugli, at 100% and at twice the size."""
        xyb = torch.einsum("nijhw,njhw->nihw", self.jacobian, change) * self.mask
        once, twice, last = 0.0, 0.0, xyb
        for band in range(len(SIGMAS) + 1):
            low = blur(last, SIGMAS[band] / self.pixels) if band < len(SIGMAS) else torch.zeros_like(last)
            power = (last - low) ** 2
            once = once + torch.einsum("c,nchw->nhw", WEIGHTS[:, band] ** 2, power)
            twice = twice + torch.einsum("c,nchw->nhw", TWICE[:, band] ** 2, power)
            last = low
        return torch.sqrt(once + 1e-6), torch.sqrt(twice + 1e-6)


def norm(distance, exponent):
    """[n,h,w] -> [n]"""
    return (distance ** exponent).mean((1, 2)) ** (1 / exponent)
