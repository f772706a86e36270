"""IIIF documents as museums publish them: manifests of both versions, and collections of them."""

from __future__ import annotations

from typing import Any

V2 = "http://iiif.io/api/presentation/2/context.json"
V3 = "http://iiif.io/api/presentation/3/context.json"


def service2(base: str, level: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "@context": "http://iiif.io/api/image/2/context.json",
        "@id": base,
        "profile": f"http://iiif.io/api/image/2/level{level}.json",
        **more,
    }


def manifest2(base: str = "https://example.org", name: str = "m2") -> dict[str, Any]:
    """As Presentation 2.1 has it."""
    body = {
        "@id": f"{base}/iiif/{name}/full/full/0/default.jpg",
        "@type": "dctypes:Image",
        "width": 5000,
        "height": 4000,
        "service": service2(f"{base}/iiif/{name}"),
    }
    return {
        "@context": V2,
        "@id": f"{base}/{name}.json",
        "@type": "sc:Manifest",
        "label": "The Gleaners",
        "description": [
            {"@value": "<p>Three women bend over a mown field.</p>", "@language": "en"},
            {"@value": "Trois femmes se penchent.", "@language": "fr"},
        ],
        "metadata": [
            {"label": "Artist", "value": "Jean-François Millet"},
            {
                "label": [
                    {"@value": "Date", "@language": "en"},
                    {"@value": "Datum", "@language": "de"},
                ],
                "value": ["1857"],
            },
            {"label": "Accession Number", "value": "RF 592"},
            {"label": "Medium", "value": "Oil"},
            "nonsense",
        ],
        "attribution": "A museum",
        "license": "https://creativecommons.org/publicdomain/mark/1.0/",
        "sequences": [
            {
                "canvases": [
                    {"@id": "c1", "images": [{"resource": body}]},
                    {"@id": "c2", "images": []},
                ]
            }
        ],
    }


def manifest3(base: str = "https://example.org", name: str = "m3") -> dict[str, Any]:
    """As Presentation 3 has it."""
    body = {
        "id": f"{base}/iiif/{name}/full/max/0/default.jpg",
        "type": "Image",
        "service": [{"id": f"{base}/iiif/{name}", "type": "ImageService3", "profile": "level1"}],
        "width": 3000,
        "height": 2000,
    }
    page = {
        "type": "AnnotationPage",
        "items": [
            {
                "type": "Annotation",
                "motivation": "painting",
                "body": {"type": "Choice", "items": [body]},
            }
        ],
    }
    return {
        "@context": [V3],
        "id": f"{base}/{name}.json",
        "type": "Manifest",
        "label": {"fr": ["Des glaneuses"], "en": ["The Gleaners"]},
        "summary": {"fr": ["Trois femmes."], "en": ["Three women."]},
        "metadata": [
            {
                "label": {"en": ["Creator"], "fr": ["Auteur"]},
                "value": {"none": ["Millet", "His pupil"]},
            },
            {"label": {"en": ["Title"]}, "value": {"en": ["Another title"]}},
        ],
        "requiredStatement": {"label": {"en": ["Attribution"]}, "value": {"en": ["A museum"]}},
        "rights": "http://creativecommons.org/licenses/by/4.0/",
        "homepage": [{"id": "https://example.org/works/3", "type": "Text"}],
        "items": [{"id": "c1", "type": "Canvas", "items": [page]}],
    }


def collection3(base: str, name: str, *members: Any) -> dict[str, Any]:
    return {
        "@context": V3,
        "id": f"{base}/{name}.json",
        "type": "Collection",
        "label": {"en": ["All"]},
        "items": list(members),
    }


def reference(address: str, kind: str = "Manifest") -> dict[str, str]:
    return {"id": address, "type": kind}
