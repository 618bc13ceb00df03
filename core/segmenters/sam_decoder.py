"""SAM's mask decoder, rearranged: the same answers from half of the arithmetic.

The library projects all 4096 places of the photo to keys and values in each of its five cross-attentions, although
only a handful of prompt tokens attend to them. A projection is a matrix, so it can be moved to the other side of the
product, to the tokens: ``q . (W k) = (W' q) . k``. What remains is one small product for each attention. The
upscaling is done on rows of channels, where a transposed convolution of stride 2 is a plain product and no pass over
memory is spent on transposing. Checked against the library's decoder; they differ by rounding only.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

_MOST_TOKENS = 24
"""With more tokens than these, moving the projections to them costs more than it saves."""


class FastDecoder:
    """Answers as ``mask_decoder.predict_masks`` of the network does, whose weights it shares.

    Parameters
    ----------
    network
        SAM or MobileSAM, loaded and on its device.
    """

    def __init__(self, network: Any) -> None:
        import torch

        self._decoder = network.mask_decoder
        with torch.inference_mode():
            self._places = network.prompt_encoder.get_dense_pe()
            self._place_rows = _to_rows(self._places)
            self._upscaling = [_to_product(self._decoder.output_upscaling[index]) for index in (0, 3)]

    def decode(self, features: "Tensor", sparse: "Tensor", dense: "Tensor") -> "tuple[Tensor, Tensor]":
        """Return what ``predict_masks`` of the library returns.

        Parameters
        ----------
        features
            ``(1, 256, 64, 64)`` float32; fastest with channels last in memory.
        sparse
            ``(B, N, 256)`` the tokens of B prompts.
        dense
            ``(B, 256, 64, 64)`` of their previous masks, or of no mask.

        Returns
        -------
        Logits ``(B, 4, 256, 256)`` and scores ``(B, 4)``, float32.
        """
        import torch

        if sparse.shape[1] > _MOST_TOKENS:
            answer: tuple[Tensor, Tensor] = self._decoder.predict_masks(features, self._places, sparse, dense)
            return answer
        decoder = self._decoder
        fixed = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight])
        tokens = torch.cat([fixed.expand(len(sparse), -1, -1), sparse], dim=1)
        queries, rows = self._transform(tokens, _to_rows(features + dense))
        logits = self._masks(queries[:, 1 : 1 + decoder.num_mask_tokens], rows)
        return logits, decoder.iou_prediction_head(queries[:, 0])

    def _transform(self, tokens: "Tensor", rows: "Tensor") -> "tuple[Tensor, Tensor]":
        """Return the tokens and the photo's rows after they have attended to each other."""
        transformer = self._decoder.transformer
        queries = tokens
        for block in transformer.layers:
            if block.skip_first_layer_pe:
                queries = block.norm1(block.self_attn(queries, queries, queries))
            else:
                placed = queries + tokens
                queries = block.norm1(queries + block.self_attn(placed, placed, queries))
            placed_rows = rows + self._place_rows
            attention = block.cross_attn_token_to_image
            queries = block.norm2(queries + _tokens_to_rows(attention, queries + tokens, placed_rows, rows))
            queries = block.norm3(queries + block.mlp(queries))
            rows = block.norm4(
                _add_rows_to_tokens(rows, block.cross_attn_image_to_token, placed_rows, queries + tokens, queries)
            )
        final = transformer.final_attn_token_to_image
        answer = _tokens_to_rows(final, queries + tokens, rows + self._place_rows, rows)
        return transformer.norm_final_attn(queries + answer), rows

    def _masks(self, mask_tokens: "Tensor", rows: "Tensor") -> "Tensor":
        """Return the logits: each mask's weights, made from its token, on the upscaled photo."""
        import torch
        import torch.nn.functional as F  # noqa: N812 - as everywhere

        count, upscaling = len(rows), self._decoder.output_upscaling
        norm = upscaling[1]
        (first, first_bias), (second, second_bias) = self._upscaling
        finer = F.linear(rows, first, first_bias).view(count, -1, norm.weight.numel())
        finer = F.gelu(F.layer_norm(finer, norm.weight.shape, norm.weight, norm.bias, norm.eps))
        finest = F.gelu(F.linear(finer, second, second_bias)).view(count, rows.shape[1] * 16, -1)
        weights = torch.stack(
            [mlp(mask_tokens[:, i]) for i, mlp in enumerate(self._decoder.output_hypernetworks_mlps)], dim=1
        )
        logits = weights @ finest.transpose(1, 2)
        # Each doubling left its 2 x 2 cells one after the other: y, x, then the finer y, x, then the finest.
        side = self._places.shape[-1]
        cells = logits.view(count, -1, side, side, 2, 2, 2, 2).permute(0, 1, 2, 4, 6, 3, 5, 7)
        return cells.reshape(count, -1, 4 * side, 4 * side)


def _to_rows(grid: "Tensor") -> "Tensor":
    """Return ``(B, C, H, W)`` as ``(B, H * W, C)``; a view where the channels are last in memory."""
    return grid.flatten(2).transpose(1, 2)


def _to_product(layer: Any) -> "tuple[Tensor, Tensor]":
    """Return a 2 x 2 transposed convolution of stride 2 as weight and bias of a linear layer, four cells in a row."""
    weight = layer.weight.permute(2, 3, 1, 0).reshape(-1, layer.weight.shape[0]).contiguous()
    return weight, layer.bias.repeat(4)


def _heads(attention: Any, weight: "Tensor") -> "Tensor":
    """Return a projection's weight as ``(heads, channels of a head, inputs)``."""
    return weight.view(attention.num_heads, -1, weight.shape[1])


def _split(attention: Any, projected: "Tensor") -> "Tensor":
    """Return ``(B, N, C)`` as ``(B, heads, N, channels of a head)``."""
    count, tokens, _ = projected.shape
    return projected.view(count, tokens, attention.num_heads, -1).transpose(1, 2)


def _tokens_to_rows(attention: Any, queries: "Tensor", keys: "Tensor", values: "Tensor") -> "Tensor":
    """Return ``attention(queries, keys, values)`` for few queries and many keys."""
    count, tokens, _ = queries.shape
    split = _split(attention, attention.q_proj(queries))
    split = split / split.shape[-1] ** 0.5
    # The bias of the keys adds the same to all scores of a query, which the softmax takes out again.
    moved = (split @ _heads(attention, attention.k_proj.weight)).flatten(1, 2)
    weights = (moved @ keys.transpose(1, 2)).softmax(dim=-1)
    seen = (weights @ values).view(count, attention.num_heads, tokens, -1)
    answer = (seen @ _heads(attention, attention.v_proj.weight).transpose(1, 2)).transpose(1, 2).flatten(2)
    # Weights add up to one, so the bias of the values passes through unchanged.
    return attention.out_proj(answer + attention.v_proj.bias)  # type: ignore[no-any-return] # the libraries are untyped


def _add_rows_to_tokens(
    rows: "Tensor", attention: Any, queries: "Tensor", keys: "Tensor", values: "Tensor"
) -> "Tensor":
    """Return ``rows + attention(queries, keys, values)`` for many queries and few keys."""
    import torch

    heads, tokens = attention.num_heads, keys.shape[1]
    split = _split(attention, attention.k_proj(keys))
    split = split / split.shape[-1] ** 0.5
    moved = (split @ _heads(attention, attention.q_proj.weight)).flatten(1, 2)
    offset = (split @ attention.q_proj.bias.view(heads, -1, 1)).flatten(1, 2)
    scores = torch.baddbmm(offset, moved, queries.transpose(1, 2))
    weights = scores.view(len(rows), heads, tokens, -1).softmax(dim=2).flatten(1, 2)
    out = attention.out_proj.weight.view(-1, heads, split.shape[-1]).permute(1, 2, 0)
    # Each head's weights add up to one: the heads share the bias of the output among them.
    drawn = _split(attention, attention.v_proj(values)) @ out + attention.out_proj.bias / heads
    return torch.baddbmm(rows, weights.transpose(1, 2), drawn.flatten(1, 2))
