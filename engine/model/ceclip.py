"""CE-CLIP (Section 3.2): two towers, two mappings, a cross-encoder. One class for every bundle.

1. The image tower (and the adapter, where the tower was not trained with texts) gives a picture's
   tokens and its vector in the joint space.
2. The text tower gives a text's tokens and, through a linear map, its vector in the same space.
   Words that stand in for a picture have a map of their own, because they ask and do not answer,
   and may have a share each in what is asked for.
3. The cosine of two vectors is the bi-encoder's similarity, less what the passage has in common
   with queries in general, where there is a querybank (`as_queries`, `as_passages`).
4. Each modality's tokens go through an MLP onto the cross-encoder's width; the cross-encoder
   reads `[CLS] query [SEP] passage [SEP]` and gives one logit; its sigmoid is the score. The
   similarity has a part in it, and so has the late interaction, where there is one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.errors import BundleError
from engine.model.architecture import Architecture
from engine.model.heads import (
    CrossEncoder,
    Mapping,
    PictureAdapter,
    begin_shares,
    shares,
    unit,
)
from engine.model.image_towers import EfficientNetTower, PictureFeatures
from engine.model.interaction import LateInteraction
from engine.model.querybank import Querybank, QueryKind
from engine.model.stored import restored, stored
from engine.model.text_towers import BertTower, TextFeatures

_TOWERS = ("image_tower.", "text_tower.")


class CEClip(nn.Module):
    """The whole network. Weights are random until `load_towers` and `load_heads`."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        image, text, cross = architecture.image, architecture.text, architecture.cross
        if image.kind == "open_clip" or text.kind == "open_clip":
            # Two more seconds of import that the compact bundle never needs.
            from engine.model.open_clip_towers import OpenClipImageTower, OpenClipTextTower
        self.image_tower = (
            OpenClipImageTower(image.clip)
            if image.kind == "open_clip"
            else EfficientNetTower(image.variant, image.size, image.grid)
        )
        self.text_tower = (
            OpenClipTextTower(text.clip) if text.kind == "open_clip" else BertTower(text.bert or {})
        )
        regions, width = self.image_tower.eval().shape(image.size)
        self.adapter: PictureAdapter | None = None
        if architecture.adapter is not None:
            pooled = self.image_tower.pooled_width
            self.adapter = PictureAdapter(
                architecture.adapter, regions, width, pooled, architecture.joint
            )
            regions, width = regions + 2, architecture.adapter.width
        elif self.image_tower.pooled_width != architecture.joint:
            raise _misfit("image", self.image_tower.pooled_width, architecture.joint)
        self.text_projection = self._projection(architecture)
        self.words_projection = self._projection(architecture)
        self.word_shares: Mapping | None = None
        if architecture.word_shares is not None:
            self.word_shares = begin_shares(self.text_tower.width, architecture.word_shares)
        if cross is not None:
            if cross.picture_reads == "pooled":
                regions, width = 1, architecture.joint
            read = architecture.joint if cross.text_reads == "pooled" else self.text_tower.width
            self.image_mapping = Mapping(width, cross.mapping, cross.width)
            self.text_mapping = Mapping(read, cross.mapping, cross.width)
            self.cross_encoder = CrossEncoder(cross, picture_tokens=regions)
        self.interaction: LateInteraction | None = None
        if architecture.interaction is not None:
            read = self.text_tower.width
            self.interaction = LateInteraction(architecture.interaction, image, read)
        bank = architecture.querybank
        self.querybank = None if bank is None else Querybank(bank, architecture.joint)

    def _projection(self, architecture: Architecture) -> nn.Module:
        width = self.text_tower.pooled_width
        if not architecture.project_text:
            if width != architecture.joint:
                raise _misfit("text", width, architecture.joint)
            return nn.Identity()
        linear = nn.Linear(width, architecture.joint, bias=False)
        if width == architecture.joint:
            # Training starts from the sentence encoder's own idea of what is near what.
            nn.init.eye_(linear.weight)
        return linear

    def picture(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels [B, 3, S, S] to tokens [B, P, D] and unit vectors [B, joint]."""
        return self.adapted(self.image_tower(pixels))

    def looked_at(
        self, pixels: Tensor, closer: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """The same, and what the late interaction sees [B, L, R, width], where there is one.

        It looks at the pixels and then, where they are given, at those of the same pictures
        `closer`, [B, 3, C, C].
        """
        if self.interaction is None:
            return *self.picture(pixels), None
        first = self.interaction.config.first_block
        tower = self.image_tower
        if not isinstance(tower, EfficientNetTower):
            raise TypeError("only an image tower of blocks can be left in the middle")
        maps = tower.early(pixels, first)
        seen = [self.interaction.see(maps)]
        if closer is not None:
            seen.append(self.interaction.see(tower.early(closer, first)))
        return *self.adapted(tower.late(maps, first)), torch.stack(seen, dim=1)

    def adapted(self, features: PictureFeatures) -> tuple[Tensor, Tensor]:
        """The same from features of the image tower, which training keeps on disk."""
        if self.adapter is None:
            tokens, vector = features.tokens, unit(features.pooled)
        else:
            tokens, vector = self.adapter(features)
            vector = unit(vector)
        cross = self.architecture.cross
        if cross is not None and cross.picture_reads == "pooled":
            tokens = vector.unsqueeze(1)
        return tokens, vector

    def text(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Ids and mask [B, T] to the text tower's features."""
        features: TextFeatures = self.text_tower(ids, mask)
        return features

    def mapped_text(self, features: TextFeatures) -> tuple[Tensor, Tensor]:
        """A text as the cross-encoder takes it: [B, T, W] and its mask [B, T]."""
        if self.architecture.cross_encoder.text_reads == "pooled":
            tokens = self.passage_vector(features.pooled).unsqueeze(1)
            return self.text_mapping(tokens), features.mask[:, :1]
        return self.text_mapping(features.tokens), features.mask

    def passage_vector(self, pooled: Tensor) -> Tensor:
        """The text tower's pooled [B, E] to a passage's unit vectors [B, joint]."""
        return unit(self.text_projection(pooled))

    def words_vector(self, pooled: Tensor) -> Tensor:
        """The same for words that ask: a title, a description, a caption."""
        return unit(self.words_projection(pooled))

    def asked(self, features: TextFeatures) -> Tensor:
        """The same, [B, joint], from all that the text tower says of texts.

        Where the network knows what share each word has in what is asked for, their mean is by
        these shares: a museum's remarks have little.
        """
        if self.word_shares is None:
            return self.words_vector(features.pooled)
        share = shares(self.word_shares(features.tokens).squeeze(-1), features.mask)
        return self.words_vector((share.unsqueeze(-1) * features.tokens).sum(dim=1))

    @property
    def dimensions(self) -> int:
        """The length of the vectors whose dot product is the similarity."""
        return self.architecture.joint + (0 if self.querybank is None else len(QueryKind))

    def as_passages(self, vectors: Tensor) -> Tensor:
        """Passages' unit vectors [n, joint] as they are searched: [n, dimensions]."""
        return vectors if self.querybank is None else self.querybank.as_passages(vectors)

    def as_queries(self, vectors: Tensor, kind: QueryKind) -> Tensor:
        """Unit vectors [n, joint] of what asks, as it searches: likewise."""
        return vectors if self.querybank is None else self.querybank.as_queries(vectors, kind)

    def take(self, interaction: LateInteraction | None) -> None:
        """Another late interaction in place of its own, or none."""
        self.interaction = interaction
        config = None if interaction is None else interaction.config
        self.architecture = replace(self.architecture, interaction=config)

    def share_words(self, hidden: int) -> Mapping:
        """Let each word that asks have a share of its own; at first all have the same."""
        self.word_shares = begin_shares(self.text_tower.width, hidden)
        self.architecture = replace(self.architecture, word_shares=hidden)
        return self.word_shares

    def trained(self) -> list[nn.Parameter]:
        """The parameters of everything but the towers."""
        return [
            parameter
            for name, parameter in self.named_parameters()
            if not name.startswith(_TOWERS) and parameter.requires_grad
        ]

    def freeze_towers(self) -> None:
        """No gradient for the towers, as in the warm-up of Algorithm 1."""
        self.image_tower.requires_grad_(False)
        self.text_tower.requires_grad_(False)

    def thaw(self) -> None:
        """Everything learns, as in the fine-tuning of Algorithm 1, save what no score reads."""
        self.requires_grad_(True)
        if self.architecture.text.kind == "open_clip":
            # CLIP's own temperature: here the scale of the cosines is fixed (Section 4.3).
            self.text_tower.net.logit_scale.requires_grad_(False)
        if self.architecture.cross is not None:
            self.cross_encoder.net.embeddings.word_embeddings.weight.requires_grad_(False)
            self.cross_encoder.trust.requires_grad_(self.architecture.cross.similarity)

    def load_towers(self, folder: Path) -> None:
        """Read both towers' weights from the bundle's folder."""
        for tower, config in (
            (self.image_tower, self.architecture.image),
            (self.text_tower, self.architecture.text),
        ):
            weights = read_tensors(folder / config.file)
            wanted = set(tower.net.state_dict())
            # Both halves of an open_clip model have layers of the same names; the file tells
            # them apart by what stands before.
            prefix = tower.prefix
            weights = {
                name.removeprefix(prefix): value
                for name, value in weights.items()
                if name.startswith(prefix)
            }
            # Files hold more than a tower reads: poolers, position tables, the other half.
            used = {name: value for name, value in weights.items() if name in wanted}
            _load(tower.net, used, config.file)

    def load_heads(self, file: Path, *, earlier: bool = False) -> None:
        """Read everything that we trained; stored in fewer bits than it is used in.

        Layers of a tower that the architecture calls ours replace what `load_towers` read. In
        heads of an `earlier` version fewer layers may be ours, and there may be no querybank and
        no late interaction.
        """
        try:
            weights = restored(read_tensors(file))
        except KeyError as error:
            raise _unfit(file.name) from error
        own = self.state_dict()
        lacking = {name for name in own if self._ours(name)} ^ set(weights)
        may_lack = (*_TOWERS, "querybank.", "interaction.") if earlier else ()
        if any(name in weights or not name.startswith(may_lack) for name in lacking):
            raise _unfit(file.name)
        _load(self, {**own, **weights}, file.name)

    def save_towers(self, file: Path) -> None:
        """Write both halves of an open_clip model as the one file that `load_towers` reads."""
        image, text = self.image_tower.net.state_dict(), self.text_tower.net.state_dict()
        weights = {f"{self.image_tower.prefix}{name}": value for name, value in image.items()}
        weights |= {f"{self.text_tower.prefix}{name}": value for name, value in text.items()}
        save_file({name: value.detach().contiguous() for name, value in weights.items()}, file)

    def save_heads(self, file: Path) -> None:
        """Write everything that we trained, as `stored` has it: all but the packages' layers."""
        ours = {name: value for name, value in self.state_dict().items() if self._ours(name)}
        save_file(stored(ours), file)

    def _ours(self, name: str) -> bool:
        """Whether a tensor of this name is stored with the heads, and not by a tower's package."""
        ours = (self.architecture.image.ours, self.architecture.text.ours)
        for prefix, layers in zip(_TOWERS, ours, strict=True):
            if name.startswith(prefix):
                # As in "image_tower.net._conv_head.weight": whole names, so that "layer.1" does
                # not mean "layer.11".
                layer = name.removeprefix(prefix).removeprefix("net.")
                return any(layer.startswith(f"{own}.") for own in layers)
        return True


def read_tensors(file: Path) -> dict[str, Tensor]:
    """A safetensors file; BundleError where it is missing or broken."""
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise BundleError(
            f"The bundle's file {file.name} cannot be read; please install the bundle again."
        ) from error


def _load(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    """The weights become the module's own, copied only where they are stored as another type:
    else they are read from the mapped file, which must not be written to, when they are used."""
    types = {part: value.dtype for part, value in module.state_dict().items()}
    typed = {part: value.to(types.get(part, value.dtype)) for part, value in weights.items()}
    try:
        module.load_state_dict(typed, assign=True)
    except RuntimeError as error:
        raise _unfit(name) from error


def _unfit(name: str) -> BundleError:
    return BundleError(
        f"The weights in {name} do not fit the architecture in the bundle's manifest; "
        "please install the bundle again."
    )


def _misfit(modality: str, width: int, joint: int) -> BundleError:
    return BundleError(
        f"The bundle's manifest is wrong: its {modality} tower gives {width} numbers and nothing "
        f"maps them onto the {joint} of the joint space; please install the bundle again."
    )
