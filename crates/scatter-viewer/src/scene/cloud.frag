// A point's picture: a disc when it is far, its tile of the sprite with rounded corners when it is near.
// Premultiplied colour.
uniform int mode;           // 0: discs alone, 1: grey tiles coloured here, 2: tiles with colours of their own
uniform int tinted;         // 1: grey tiles take the point's colour, with a frame of it
uniform vec3 air;           // what hides the far ones
uniform vec3 silence;       // ends of a tint, and how much of the second
uniform vec3 loudness;
uniform float loud_share;
uniform sampler2D heat;     // 256 colours of rising energy
uniform sampler2DArray pages;
uniform ivec4 grid;         // columns, tiles on a page, tile width, tile height
uniform vec2 page_size;     // pixels

flat in vec4 colour;        // and the width of the picture
flat in vec4 form;          // half the width, half the height, radius of the corners, how much of a tile it is
flat in vec4 light;         // share of the air that is not before it, width of the frame, opacity, mip level
flat in vec4 edging;        // colour of the frame, and how much of the picture shows through it
flat in vec4 place;         // tile's corner in texels, its layer (negative where it is not there), radius of the disc
out vec4 result;

vec3 heat_at(float energy) {
    return texelFetch(heat, ivec2(int(energy * 255.0 + 0.5), 0), 0).rgb;
}

// Silence, then the colour itself, then loudness.
vec3 tint_at(float energy) {
    vec3 low = mix(silence, colour.rgb, smoothstep(0.0, 0.72, energy));
    return mix(low, loudness, loud_share * smoothstep(0.66, 1.0, energy));
}

vec3 tile(vec2 within) {
    // Until its page is there, one colour stands for the tile.
    if (place.z < 0.0) return colour.rgb;
    vec2 size = vec2(grid.zw);
    // Half a texel of the coarser level in use stays away from the neighbours.
    vec2 margin = vec2(0.5 * exp2(ceil(light.w)));
    vec2 at = place.xy + clamp(within * size, margin, size - margin);
    vec3 found = textureLod(pages, vec3(at / page_size, place.z), light.w).rgb;
    if (mode == 2) return found;
    return tinted == 1 ? tint_at(found.r) : heat_at(found.r);
}

void main() {
    vec2 from_centre = (gl_PointCoord - 0.5) * (colour.a + 1.0);
    vec2 outside = abs(from_centre) - form.xy + form.z;
    // Distance to the outline, negative inside.
    float edge = length(max(outside, 0.0)) + min(max(outside.x, outside.y), 0.0) - form.z;
    float cover = clamp(0.5 - edge, 0.0, 1.0);
    result = vec4(0.0);
    if (cover > 0.0) {
        vec3 paint = colour.rgb;
        if (form.w < 1.0) {
            float height = sqrt(max(0.0, 1.0 - dot(from_centre, from_centre) / (place.w * place.w)));
            paint *= mix(0.62, 1.06, height);
        }
        if (form.w > 0.0) {
            paint = mix(paint, tile(clamp(from_centre / (2.0 * form.xy) + 0.5, 0.0, 1.0)), form.w);
        }
        // Air between the eye and what is far away.
        paint = mix(air, paint, light.x);
        if (light.y > 0.0) {
            paint = mix(paint, mix(edging.rgb, paint, edging.a), clamp(edge + light.y + 0.5, 0.0, 1.0));
        }
        float alpha = cover * light.z;
        result = vec4(paint * alpha, alpha);
    }
}
