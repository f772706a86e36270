"""The trained parts around the towers: adapter, mappings, cross-encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.model.architecture import AdapterConfig, CrossEncoderConfig
from engine.model.attention import TransformerShape
from engine.model.image_towers import PictureFeatures
from engine.model.mpnet import FIRST_PLACE, MPNet


class PictureAdapter(nn.Module):
    """Regions, their mean and the class logits through a small transformer into the joint space.

    Gives tokens [B, 2 + P, width] and the picture's vector [B, joint], not yet of unit length.
    """

    def __init__(self, config: AdapterConfig, regions: int, width: int, pooled: int, joint: int):
        super().__init__()
        self.region_norm = nn.LayerNorm(width)
        self.pooled_norm = nn.LayerNorm(pooled)
        self.regions = nn.Linear(width, config.width)
        self.whole = nn.Linear(width, config.width)
        self.pooled = nn.Linear(pooled, config.width)
        self.place = nn.Parameter(torch.randn(2 + regions, config.width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            config.width,
            config.heads,
            config.feedforward,
            config.dropout,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(config.width)
        self.out = nn.Linear(config.width, joint)

    def forward(self, features: PictureFeatures) -> tuple[Tensor, Tensor]:
        """Features of the image tower to (tokens, vector)."""
        regions = self.region_norm(features.tokens)
        whole = self.whole(self.region_norm(features.tokens.mean(dim=1))).unsqueeze(1)
        pooled = self.pooled(self.pooled_norm(features.pooled)).unsqueeze(1)
        tokens = torch.cat([whole, pooled, self.regions(regions)], dim=1) + self.place
        tokens = self.norm(self.layers(tokens))
        return tokens, self.out(tokens[:, 0])


def shares(logits: Tensor, mask: Tensor) -> Tensor:
    """What share each token has [B, T], from one logit for each; those of a text add up to 1.

    What is masked has none.
    """
    open_to = torch.sigmoid(logits) * mask
    return open_to / open_to.sum(dim=1, keepdim=True)


class Mapping(nn.Module):
    """The MLP that maps one modality's tokens onto the cross-encoder's width (Section 3.2)."""

    def __init__(self, width: int, hidden: int, out: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.layers = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, out))

    def forward(self, tokens: Tensor) -> Tensor:
        """[B, T, width] to [B, T, out]."""
        mapped: Tensor = self.layers(self.norm(tokens))
        return mapped


def begin_shares(width: int, hidden: int) -> Mapping:
    """What tells each word's share in words that ask: one logit, 0 for every token at first."""
    mapping = Mapping(width, hidden, 1)
    last = mapping.layers[-1]
    for parameter in last.parameters():
        nn.init.zeros_(parameter)
    return mapping


class CrossEncoder(nn.Module):
    """`[CLS] query [SEP] passage [SEP]` through one MPNet to one logit (Section 3.2).

    MPNet has no token types, so a learned embedding says what is query and what is passage.
    Padding comes last, or, with `pad_inside`, stands before the last [SEP] as the paper prints it;
    nothing attends to it either way, but inside it moves the last [SEP] to a place of its own.
    """

    def __init__(self, config: CrossEncoderConfig, picture_tokens: int) -> None:
        super().__init__()
        longest = 3 + picture_tokens + config.query_words + config.passage_tokens
        self.config = config
        self.marks = nn.Parameter(torch.randn(2, config.width) * 0.02)  # [CLS], [SEP]
        self.types = nn.Embedding(2, config.width)
        nn.init.normal_(self.types.weight, std=0.02)
        self.net = MPNet(
            TransformerShape(
                vocabulary=4,  # no word is looked up here: what comes in are features
                width=config.width,
                layers=config.layers,
                heads=config.heads,
                feedforward=config.feedforward,
                places=longest + FIRST_PLACE,
                norm_eps=config.norm_eps,
                dropout=config.dropout,
                attention_dropout=0.0,
            )
        )
        # It has a table of words all the same, which nothing reads.
        self.net.embeddings.word_embeddings.weight.requires_grad_(False)
        self.out = nn.Linear(config.width, 1)
        # How much the bi-encoder's cosine weighs; 10 makes its usual spread of 0.1 one logit.
        self.trust = nn.Parameter(torch.tensor(10.0 if config.similarity else 0.0))
        self.trust.requires_grad_(config.similarity)

    def forward(
        self,
        query: Tensor,
        query_mask: Tensor,
        passage: Tensor,
        passage_mask: Tensor,
        similarity: Tensor,
    ) -> Tensor:
        """Mapped tokens [B, L, W] and [B, T, W], their masks, and cosines [B] to logits [B]."""
        tokens, mask = self.sequence(query, query_mask, passage, passage_mask)
        first = self.net(tokens, mask)[:, 0]
        logits: Tensor = self.out(first).squeeze(-1) + self.trust * similarity
        return logits

    def sequence(
        self, query: Tensor, query_mask: Tensor, passage: Tensor, passage_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The one sequence that is read, [B, N, W], and its mask, padding only at its end."""
        count = query.shape[0]
        first, last = self.marks.expand(count, 2, -1).unsqueeze(2).unbind(1)
        one = query_mask.new_ones(count, 1)
        if self.config.pad_inside:
            # Always to the same length: a score must not depend on what else is in the batch.
            short = max(0, self.config.passage_tokens - passage.shape[1])
            passage = functional.pad(passage, (0, 0, 0, short))
            passage_mask = functional.pad(passage_mask, (0, short))
        tokens = torch.cat(
            [
                first + self.types.weight[0],
                query + self.types.weight[0],
                last + self.types.weight[0],
                passage + self.types.weight[1],
                last + self.types.weight[1],
            ],
            dim=1,
        )
        mask = torch.cat([one, query_mask, one, passage_mask, one], dim=1)
        # Padding inside the sequence would shift the places of what follows, and the score would
        # depend on what else is in the batch. A stable sort moves it to the end.
        place = 1 - mask
        length = mask.sum(1)
        if self.config.pad_inside:
            # What is read, then the passage's padding, the last [SEP], the query's padding.
            place = torch.cat([0 * one, 3 - 3 * query_mask, 0 * one, 1 - passage_mask, 2 * one], 1)
            length = query_mask.sum(1) + passage_mask.shape[1] + 3
        order = torch.argsort(place, dim=1, stable=True)
        tokens = torch.gather(tokens, 1, order.unsqueeze(-1).expand_as(tokens))
        mask = torch.gather(mask, 1, order)
        longest = int(length.max())
        return tokens[:, :longest], mask[:, :longest]

    def load_mpnet(self, weights: dict[str, Tensor]) -> None:
        """Begin from a whole MPNet's weights, by their names in `transformers`.

        The layers are taken as they are, the places as far as they are used, and [CLS] and [SEP]
        from its table of words (`<s>` and `</s>`); the other 30,525 words are of no use here.
        Raises KeyError or RuntimeError where the weights are not those of such an MPNet.
        """
        words = weights["embeddings.word_embeddings.weight"]
        places = weights["embeddings.position_embeddings.weight"]
        own = self.net.embeddings.position_embeddings.weight
        if len(places) < len(own):
            raise RuntimeError(f"{len(places)} places are too few for a sequence of {len(own) - 2}")
        taken = {
            name: value
            for name, value in weights.items()
            if name.startswith(("encoder.", "embeddings.LayerNorm."))
        }
        taken["embeddings.position_embeddings.weight"] = places[: len(own)]
        taken["embeddings.word_embeddings.weight"] = self.net.embeddings.word_embeddings.weight
        self.net.load_state_dict(taken)
        with torch.no_grad():
            self.marks.copy_(words[[0, 2]])


def unit(vectors: Tensor) -> Tensor:
    """The same directions, each of length 1."""
    return functional.normalize(vectors, dim=-1)
