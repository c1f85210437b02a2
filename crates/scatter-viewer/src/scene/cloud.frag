// A point's picture: a disc, or its tile of the sprite with rounded corners. Premultiplied colour.
uniform int mode;           // 0: disc, 1: grey tile coloured here, 2: tile with colours of its own
uniform int tinted;         // 1: grey tiles take the point's colour, with a frame of it
uniform float shape;        // height over width
uniform float pixel;        // device pixels in a CSS pixel
uniform float emphasis;
uniform vec3 accent;
uniform vec3 heat[STOPS];   // colours of rising energy, evenly spaced
uniform sampler2DArray pages;
uniform ivec4 grid;         // columns, tiles on a page, tile width, tile height
uniform vec2 page_size;     // pixels
uniform float last_level;   // coarsest mip level on which tiles do not touch

flat in vec3 colour;
flat in float width;
flat in float nearness;
flat in int index;
flat in uint flags;
out vec4 result;

vec3 heat_at(float energy) {
    float place = clamp(energy, 0.0, 1.0) * float(STOPS - 1);
    int below = min(int(place), STOPS - 2);
    return mix(heat[below], heat[below + 1], place - float(below));
}

// Night, then the colour itself, then nearly white.
vec3 tint_at(float energy) {
    vec3 low = mix(vec3(0.035, 0.04, 0.06), colour, smoothstep(0.0, 0.72, energy));
    return mix(low, vec3(1.0), 0.8 * smoothstep(0.66, 1.0, energy));
}

vec3 tile(vec2 place) {
    int page = index / grid.y;
    int within = index - page * grid.y;
    vec2 size = vec2(grid.zw);
    vec2 corner = vec2(within % grid.x, within / grid.x) * size;
    float level = clamp(log2(size.x / width), 0.0, last_level);
    // Half a texel of the coarser level in use stays away from the neighbours.
    vec2 margin = vec2(0.5 * exp2(ceil(level)));
    vec2 texel = corner + clamp(place * size, margin, size - margin);
    vec4 found = textureLod(pages, vec3(texel / page_size, float(page)), level);
    if (mode == 2) return found.rgb;
    return tinted == 1 ? tint_at(found.r) : heat_at(found.r);
}

void main() {
    vec2 from_centre = (gl_PointCoord - 0.5) * (width + 2.0);
    bool selected = (flags & 1u) == 1u;
    bool muted = (flags & 2u) == 2u;
    vec3 paint;
    float edge;             // distance to the outline, negative inside
    if (mode == 0) {
        edge = length(from_centre) - width * 0.5;
        float height = sqrt(max(0.0, 1.0 - 4.0 * dot(from_centre, from_centre) / (width * width)));
        paint = colour * mix(0.62, 1.06, height);
    } else {
        vec2 half_size = vec2(width, width * shape) * 0.5;
        float corner = min(3.0 * pixel, half_size.y * 0.35);
        vec2 outside = abs(from_centre) - half_size + corner;
        edge = length(max(outside, 0.0)) + min(max(outside.x, outside.y), 0.0) - corner;
        paint = tile(clamp(from_centre / (2.0 * half_size) + 0.5, 0.0, 1.0));
    }
    float cover = clamp(0.5 - edge, 0.0, 1.0);
    if (cover <= 0.0) discard;

    // Air between the eye and what is far away.
    paint *= mix(0.48, 1.0, nearness);
    // A thin dark line parts a picture from what is behind it.
    float frame = mode == 0 ? 0.0 : min(pixel, width * 0.04);
    vec3 frame_colour = paint * 0.25;
    if (emphasis > 1.0) {
        frame = 2.0 * pixel;
        frame_colour = accent;
    } else if (selected) {
        frame = 1.5 * pixel;
        frame_colour = accent;
    } else if (mode != 0 && tinted == 1) {
        frame_colour = colour * mix(0.42, 1.0, nearness);
    }
    if (frame > 0.0) paint = mix(paint, frame_colour, clamp(edge + frame + 0.5, 0.0, 1.0));
    float alpha = cover * (muted ? 0.1 : 1.0);
    result = vec4(paint * alpha, alpha);
}
