"""A Keras network in plain JSON, as the page's own engine (``static/nn.js``) reads it."""

from __future__ import annotations

from typing import Any

# What the engine knows of each layer, beside the activation; Keras's default is left to the engine.
_SETTINGS = {
    "Dense": ("units",),
    "Conv2D": ("filters", "kernel_size", "strides", "padding"),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "GlobalMaxPooling2D": (),
    "GlobalAveragePooling2D": (),
    "Flatten": (),
    "Activation": (),
    "Dropout": ("rate",),
    "BatchNormalization": ("momentum", "epsilon"),
}
_INITIALIZERS = {
    "GlorotUniform": "glorot_uniform",
    "HeNormal": "he_normal",
    "HeUniform": "he_uniform",
    "Zeros": "zeros",
}
_ACTIVATIONS = ("linear", "relu", "leaky_relu", "tanh", "sigmoid", "softmax")


def describe(model: Any) -> dict[str, Any]:
    """Return a network as the JSON object that the page's engine trains.

    Parameters
    ----------
    model : keras.Model
        A built model whose layers stand in a row.

    Returns
    -------
    dict
        ``input_shape`` is a list of int without the batch; ``layers`` is a list of objects, each with the name of its
        Keras class under ``layer`` and its settings under the names that Keras gives them.

    Raises
    ------
    ValueError
        If a layer, an activation or an initializer is unknown to the engine, a layer has a regularizer, or the layers
        do not stand in a row.

    Examples
    --------
    >>> from lessons_lib import models
    >>> describe(models.dense(units=(4,)))["layers"][1]
    {'layer': 'Dense', 'activation': 'relu', 'kernel_initializer': 'glorot_uniform', 'units': 4}
    """
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    tensor = model.inputs[0]
    for layer in layers:
        if layer.input is not tensor:
            raise ValueError(f"the layers must stand in a row. Received: {layer.name} after another layer's output")
        tensor = layer.output
    return {"input_shape": list(model.input_shape[1:]), "layers": [_describe(layer) for layer in layers]}


def _describe(layer: Any) -> dict[str, Any]:
    name, config = type(layer).__name__, layer.get_config()
    _known("a layer", name, _SETTINGS)
    if config.get("kernel_regularizer"):
        raise ValueError(f"a layer must have no regularizer. Received: {layer.name} with one")
    described: dict[str, Any] = {"layer": name}
    if "activation" in config:
        described["activation"] = _known("an activation", config["activation"], _ACTIVATIONS)
    if "kernel_initializer" in config:
        initializer = _known("an initializer", config["kernel_initializer"]["class_name"], _INITIALIZERS)
        described["kernel_initializer"] = _INITIALIZERS[initializer]
    return described | {key: _plain(config[key]) for key in _SETTINGS[name]}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _known(kind: str, name: Any, names: Any) -> str:
    if name not in names:
        raise ValueError(f"{kind} must be one of {', '.join(names)}. Received: {name!r}")
    return str(name)
