"""Late interaction: every word of a passage seeks the region of the picture that answers it best.

The second look has eyes of its own for this: the later layers of the image tower a second time,
trained for regions, on the maps that the first look's earlier layers have made anyway. A picture
is the vectors of its regions and one of the whole; a passage is one vector for each of its tokens,
as long as the token has a share in what the passage says. How near they are is the sum of three:
each word's nearest region, each region's nearest word, and the whole against all words (after
*FILIP: Fine-grained Interactive Language-Image Pre-training*, Yao et al., ICLR 2022).

It steps closer, too: the picture is seen once more at a larger size, where small things are as
large as the layers have learned them, and what both looks find is averaged.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.architecture import ImageTowerConfig, InteractionConfig
from engine.model.heads import Mapping, shares, unit
from engine.model.image_towers import EfficientNetTower

SCALES = (10.0, 5.0, 10.0)  # words to regions, regions to words, whole to all words; learned

DROPOUT = 0.1  # of what regions are made from, while training


class LaterLayers(nn.Module):
    """An image tower's blocks from `first` on and its last convolution, batch norms folded."""

    def __init__(self, tower: EfficientNetTower, first: int) -> None:
        """The layers are the tower's own, which has to be fused."""
        super().__init__()
        self.blocks = tower.net._blocks[first:]
        self.head = tower.net._conv_head

    def forward(self, maps: Tensor) -> Tensor:
        """Maps [B, C, H, W] before the first of the blocks to the last maps [B, 1280, h, w]."""
        for block in self.blocks:
            maps = block(maps)
        return functional.relu6(self.head(maps))


class LateInteraction(nn.Module):
    """Regions of a picture against words of a passage."""

    typical: Tensor  # [typical, typical_tokens, width], passages as `read` gives them
    level: Tensor  # []
    weight: Tensor  # []

    def __init__(self, config: InteractionConfig, image: ImageTowerConfig, words: int) -> None:
        """`words` is the width of the text tower's tokens."""
        super().__init__()
        self.config = config
        tower = EfficientNetTower(image.variant, image.size, image.grid).eval()
        tower.fuse()
        self.layers = LaterLayers(tower, config.first_block)
        self.region_norm = nn.LayerNorm(tower.width)
        self.drop = nn.Dropout(DROPOUT)
        self.regions = nn.Linear(tower.width, config.width)
        self.whole = nn.Linear(tower.width, config.width)
        self.words = Mapping(words, config.hidden, config.width)
        self.straight = nn.Linear(words, config.width, bias=False)
        self.importance = nn.Linear(words, 1)
        self.scales = nn.Parameter(torch.tensor(SCALES).log())
        shape = (config.typical, config.typical_tokens, config.width)
        self.register_buffer("typical", torch.zeros(shape))
        # How much nearer than those a good answer is, and what one more weighs beside a cosine.
        self.register_buffer("level", torch.zeros(()))
        self.register_buffer("weight", torch.zeros(()))

    def see(self, maps: Tensor) -> Tensor:
        """The image tower's maps before `first_block` to what is seen, [B, R, width]."""
        return self.seen(self.layers(maps))

    def seen(self, maps: Tensor) -> Tensor:
        """The last maps [B, 1280, h, w] to unit vectors [B, grid * grid + 1, width].

        They are the regions', row by row, and at last the whole picture's.
        """
        grid = functional.adaptive_avg_pool2d(maps, self.config.grid).flatten(2).transpose(1, 2)
        regions = self.regions(self.drop(self.region_norm(grid)))
        whole = self.whole(self.drop(self.region_norm(maps.mean(dim=(2, 3)))))
        return unit(torch.cat([regions, whole.unsqueeze(1)], dim=1))

    def read(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The text tower's tokens [B, T, D] and mask [B, T] to vectors [B, T, width].

        A token's vector is as long as its share of what the passage says: lengths of a passage
        add up to 1, and what is masked has none.
        """
        share = shares(self.importance(tokens).squeeze(-1), mask)
        vectors = unit(self.words(tokens) + self.straight(tokens))
        return vectors * share.unsqueeze(-1)

    def nearness(self, seen: Tensor, read: Tensor, form: torch.dtype = torch.float32) -> Tensor:
        """Pictures [B, G, width] and passages [N, T, width] to how near they are, [B, N].

        `form` is what the products of all regions with all words are worked out in.
        """
        parts, weighed = self.scales.exp(), read.norm(dim=-1)
        pairs = seen.flatten(0, 1).to(form) @ unit(read).flatten(0, 1).to(form).T
        pairs = pairs.view(*seen.shape[:2], *read.shape[:2])  # [B, G, N, T]
        found = (pairs.amax(dim=1).float() * weighed).sum(dim=-1)
        empty = (weighed == 0)[None, None]
        answered = pairs.masked_fill(empty, -math.inf).amax(dim=-1).float().mean(dim=1)
        whole = seen[:, -1] @ unit(read.sum(dim=1)).T
        near: Tensor = parts[0] * found + parts[1] * answered + parts[2] * whole
        return near

    def usual(self, seen: Tensor) -> Tensor:
        """How near pictures are to typical passages, [B, 1]: some are nearer to all of them.

        It moves nothing in a picture's own order, and makes scores of two pictures comparable.
        """
        there = self.typical[self.typical.flatten(1).any(dim=1)]
        if not len(there):
            return seen.new_zeros(len(seen), 1)
        return self.nearness(seen, there).mean(dim=1, keepdim=True)

    def found(self, looks: Tensor, read: Tensor) -> Tensor:
        """What looks at one picture [L, R, width] add to passages' cosines [N]: their mean."""
        return self.gain(looks, read).mean(dim=0)

    def gain(self, seen: Tensor, read: Tensor) -> Tensor:
        """What the second look adds to the cosines [B, N] of these pictures and passages."""
        return self.weight * (self.nearness(seen, read) - self.usual(seen) - self.level)
