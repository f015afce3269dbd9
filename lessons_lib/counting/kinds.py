"""Groups of Keras's layers and operations by their public names; the members of a group are counted alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SPATIAL_RANKS = (1, 2, 3)

CONVOLUTIONS = frozenset(
    {f"Conv{n}D" for n in SPATIAL_RANKS}
    | {f"{kind}Conv{n}D" for kind in ("Depthwise", "Separable") for n in SPATIAL_RANKS[:2]}
)
POOLINGS = frozenset(f"{kind}Pooling{n}D" for kind in ("Max", "Average") for n in SPATIAL_RANKS)
PADDINGS = frozenset(f"ZeroPadding{n}D" for n in SPATIAL_RANKS)
CROPPINGS = frozenset(f"Cropping{n}D" for n in SPATIAL_RANKS)

MERGES = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "CustomScaleLayer"})

TRAINING_ONLY = frozenset(
    {"Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "StochasticDepth"}
    | {f"SpatialDropout{n}D" for n in SPATIAL_RANKS}
)
"""Layers that change single values in training and nothing in prediction."""

AUGMENTATIONS = frozenset(
    f"Random{kind}"
    for kind in (
        *("Brightness", "ColorDegeneration", "ColorJitter", "Contrast", "ElasticTransform", "Erasing", "Flip"),
        *("GaussianBlur", "Grayscale", "Hue", "Invert", "Perspective", "Posterization", "Rotation", "Saturation"),
        *("Sharpness", "Shear", "Translation", "Zoom"),
    )
)
"""Layers that change whole images in training and nothing in prediction."""

ELEMENTWISE = (
    MERGES
    | TRAINING_ONLY
    | AUGMENTATIONS
    | {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Identity", "LayerScale"}
    | {"BatchNormalization", "Normalization", "Rescaling"}
)
"""Layers whose output at one position needs, in prediction, their inputs at that position and no others."""

ALONG_AXES = frozenset({"Softmax", "LayerNormalization", "RMSNormalization", "UnitNormalization"})
"""Layers that mix the positions along the axes that their `axis` names, and no others."""

WITHOUT_PRODUCTS = (
    POOLINGS
    | PADDINGS
    | CROPPINGS
    | ELEMENTWISE
    | ALONG_AXES
    | {
        f"{scope}{kind}Pooling{n}D"
        for scope in ("Global", "Adaptive")
        for kind in ("Max", "Average")
        for n in (1, 2, 3)
    }
    | {f"UpSampling{n}D" for n in SPATIAL_RANKS}
    | {"Concatenate", "Flatten", "Reshape", "Permute", "RepeatVector", "Masking", "GroupNormalization"}
    | {"CategoryEncoding", "Discretization", "Hashing", "HashedCrossing", "IntegerLookup", "StringLookup"}
    | {"TextVectorization", "Resizing", "CenterCrop", "RandomCrop"}
)
"""Layers that do not multiply by a kernel."""

OPERATIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "elementwise": {
        "numpy": (
            *("Absolute", "Add", "Ceil", "Clip", "Divide", "Equal", "Exp", "Expm1", "Floor", "FloorDivide", "Greater"),
            *("GreaterEqual", "Less", "LessEqual", "Log", "Log1p", "LogicalAnd", "LogicalNot", "LogicalOr"),
            *("LogicalXor", "Maximum", "Minimum", "Mod", "Multiply", "Negative", "NotEqual", "Power", "Reciprocal"),
            *("Round", "Sign", "Sin", "Cos", "Sqrt", "Square", "Subtract", "Tanh", "TrueDivide", "Where"),
        ),
        "nn": (
            *("Relu", "Relu6", "Sigmoid", "SparseSigmoid", "Softplus", "Softsign", "SoftShrink", "SparsePlus", "Silu"),
            *("Squareplus", "LogSigmoid", "LeakyRelu", "HardSigmoid", "HardSilu", "Elu", "Selu", "Gelu", "Celu"),
            *("TanhShrink", "HardTanh", "HardShrink", "Threshold"),
        ),
        "math": ("Erf", "Rsqrt"),
        "core": ("Cast", "StopGradient"),
    },
    "along axes": {"nn": ("Softmax", "LogSoftmax", "Sparsemax")},
    "reduction": {"numpy": ("All", "Any", "Average", "Max", "Mean", "Min", "Prod", "Std", "Sum", "Var")},
    "concatenation": {"numpy": ("Concatenate",)},
    "arrangement": {
        "numpy": (
            *("Argmax", "BroadcastTo", "ExpandDims", "Flip", "GetItem", "Moveaxis", "OnesLike", "Pad", "Repeat"),
            *("Reshape", "Roll", "Split", "Squeeze", "Stack", "Swapaxes", "Take", "Tile", "Transpose", "ZerosLike"),
        ),
        "nn": ("AveragePool", "DepthToSpace", "MaxPool", "OneHot", "SpaceToDepth"),
        "core": ("Slice", "Unstack"),
    },
}
"""Operations of ``keras.ops`` without products with a kernel, by their kind and by the module that defines them."""
