"""The compact bundle read the plain way: BERT and MPNet as eager modules of `transformers`."""

from __future__ import annotations

from typing import Any

from engine.bundles import Bundle
from engine.model.encoder import Encoder, load_encoder
from engine.model.mpnet import FIRST_PLACE
from engine.model.torchvision_shim import prepare_torchvision


def load_plain(bundle: Bundle) -> Encoder:
    """An encoder whose `score` is the reference for all that is faster."""
    prepare_torchvision()
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

    encoder = load_encoder(bundle.folder, dict(bundle.manifest))
    network: Any = encoder._network
    text, cross = network.architecture.text, network.architecture.cross_encoder
    bert = BertModel(BertConfig(**text.bert, attn_implementation="eager"), add_pooling_layer=False)
    mpnet = MPNetModel(
        MPNetConfig(
            vocab_size=4,
            hidden_size=cross.width,
            num_hidden_layers=cross.layers,
            num_attention_heads=cross.heads,
            intermediate_size=cross.feedforward,
            max_position_embeddings=len(
                network.cross_encoder.net.embeddings.position_embeddings.weight
            ),
            layer_norm_eps=cross.norm_eps,
        ),
        add_pooling_layer=False,
    )
    assert mpnet.embeddings.padding_idx + 1 == FIRST_PLACE
    for part, theirs in ((network.text_tower, bert), (network.cross_encoder, mpnet)):
        theirs.load_state_dict(part.net.state_dict())
        theirs.eval().requires_grad_(False)
    network.text_tower.net.forward = lambda ids, mask: (
        bert(input_ids=ids, attention_mask=mask).last_hidden_state
    )
    network.cross_encoder.net.forward = lambda tokens, mask: (
        mpnet(inputs_embeds=tokens, attention_mask=mask).last_hidden_state
    )
    return encoder
