// A point's picture: a disc when it is far, its tile of the sprite with rounded corners when it is near.
// Premultiplied colour.
uniform int mode;           // 0: discs alone, 1: grey tiles coloured here, 2: tiles with colours of their own
uniform int tinted;         // 1: grey tiles take the point's colour, with a frame of it
uniform float shape;        // height over width
uniform float pixel;        // device pixels in a CSS pixel
uniform float emphasis;
uniform int selecting;      // 1: what is not selected steps back
uniform vec3 accent;
uniform vec3 air;           // what hides the far ones
uniform vec3 rim;           // outline of a tile without a colour of its own
uniform vec3 silence;       // ends of a tint, and how much of the second
uniform vec3 loudness;
uniform float loud_share;
uniform vec3 heat[STOPS];   // colours of rising energy, evenly spaced
uniform sampler2DArray pages;
uniform ivec4 grid;         // columns, tiles on a page, tile width, tile height
uniform vec2 page_size;     // pixels
uniform float last_level;   // coarsest mip level on which tiles do not touch

flat in vec3 colour;
flat in float width;
flat in float nearness;
flat in int within;
flat in int layer;
flat in uint flags;
out vec4 result;

vec3 heat_at(float energy) {
    float place = clamp(energy, 0.0, 1.0) * float(STOPS - 1);
    int below = min(int(place), STOPS - 2);
    return mix(heat[below], heat[below + 1], place - float(below));
}

// Silence, then the colour itself, then loudness.
vec3 tint_at(float energy) {
    vec3 low = mix(silence, colour, smoothstep(0.0, 0.72, energy));
    return mix(low, loudness, loud_share * smoothstep(0.66, 1.0, energy));
}

vec3 texel(vec2 place, float level) {
    vec2 size = vec2(grid.zw);
    vec2 corner = vec2(within % grid.x, within / grid.x) * size;
    // Half a texel of the coarser level in use stays away from the neighbours.
    vec2 margin = vec2(0.5 * exp2(ceil(level)));
    vec2 at = corner + clamp(place * size, margin, size - margin);
    return textureLod(pages, vec3(at / page_size, float(layer)), level).rgb;
}

vec3 tile(vec2 place) {
    // Until its page is there, one colour stands for the tile.
    if (layer < 0) return colour;
    vec3 found = texel(place, clamp(log2(float(grid.z) / width), 0.0, last_level));
    if (mode == 2) return found;
    return tinted == 1 ? tint_at(found.r) : heat_at(found.r);
}

void main() {
    vec2 from_centre = (gl_PointCoord - 0.5) * (width + 2.0);
    bool selected = (flags & 1u) == 1u;
    bool muted = selecting == 1 && !selected;
    // Narrower than this a tile shows nothing that a disc does not.
    float as_tile = mode == 0 ? 0.0 : smoothstep(11.0, 18.0, width / pixel);
    float radius = width * (mode == 0 ? 0.5 : 0.38);
    vec2 half_size = mix(vec2(radius), vec2(width, width * shape) * 0.5, as_tile);
    float tight = min(3.0 * pixel, half_size.y * 0.35);
    float corner = mix(min(half_size.x, half_size.y), tight, as_tile);
    vec2 outside = abs(from_centre) - half_size + corner;
    // Distance to the outline, negative inside.
    float edge = length(max(outside, 0.0)) + min(max(outside.x, outside.y), 0.0) - corner;
    float cover = clamp(0.5 - edge, 0.0, 1.0);
    if (cover <= 0.0) discard;

    vec3 paint = vec3(0.0);
    if (as_tile < 1.0) {
        float height = sqrt(max(0.0, 1.0 - dot(from_centre, from_centre) / (radius * radius)));
        paint = colour * mix(0.62, 1.06, height);
    }
    if (as_tile > 0.0) {
        paint = mix(paint, tile(clamp(from_centre / (2.0 * half_size) + 0.5, 0.0, 1.0)), as_tile);
    }

    // Air between the eye and what is far away.
    paint = mix(air, paint, mix(0.48, 1.0, nearness));
    // A thin line parts a picture from what is behind it.
    float frame = mode == 0 ? 0.0 : min(pixel, width * 0.04) * as_tile;
    vec3 frame_colour = mix(rim, paint, 0.25);
    if (emphasis > 1.0) {
        frame = 2.0 * pixel;
        frame_colour = accent;
    } else if (selected) {
        frame = min(1.5 * pixel, width * 0.2);
        frame_colour = accent;
    } else if (mode != 0 && tinted == 1) {
        frame_colour = mix(air, colour, mix(0.42, 1.0, nearness));
    }
    if (frame > 0.0) paint = mix(paint, frame_colour, clamp(edge + frame + 0.5, 0.0, 1.0));
    // Whoever is pointed at is seen, selected or not.
    float alpha = cover * (muted && emphasis <= 1.0 ? 0.1 : 1.0);
    result = vec4(paint * alpha, alpha);
}
