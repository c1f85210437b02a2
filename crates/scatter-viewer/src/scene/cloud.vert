// One vertex a point of the map. Lengths are in device pixels. What is the same all over a point's picture is found here.
uniform mat4 clip;
uniform float scale;        // width of a point at depth 1
uniform vec2 limits;        // smallest and largest width
uniform vec2 depths;        // nearest and farthest depth of the cloud
uniform float emphasis;     // how much larger than life
uniform float least;        // no point is narrower
uniform float progress;     // 0: all points at their origin, 1: at their position
uniform int mode;           // 0: discs alone, 1: grey tiles coloured here, 2: tiles with colours of their own
uniform int tinted;         // 1: grey tiles take the point's colour, with a frame of it
uniform int selecting;      // 1: what is not selected steps back
uniform float shape;        // height over width
uniform float pixel;        // device pixels in a CSS pixel
uniform vec3 accent;
uniform vec3 air;           // what hides the far ones
uniform vec3 rim;           // outline of a tile without a colour of its own
uniform ivec4 grid;         // columns, tiles on a page, tile width, tile height
uniform float last_level;   // coarsest mip level on which tiles do not touch
uniform highp usampler2D layers;  // layer of each page, low byte first, 64 pages a row; 65535 where it is not there

in vec3 origin;
in vec3 position;
in float growth;            // width of this point, of that of an ordinary one
in uvec4 paint;             // red, green, blue (0-255), flags (1: selected)

flat out vec4 colour;       // and the width of the picture
flat out vec4 form;         // half the width, half the height, radius of the corners, how much of a tile it is
flat out vec4 light;        // share of the air that is not before it, width of the frame, opacity, mip level
flat out vec4 edging;       // colour of the frame, and how much of the picture shows through it
flat out vec4 place;        // tile's corner in texels, its layer (negative where it is not there), radius of the disc

void main() {
    gl_Position = clip * vec4(mix(origin, position, progress), 1.0);
    float depth = max(gl_Position.w, 1e-6);
    float width = max(clamp(scale / depth, limits.x, limits.y) * growth * emphasis, least);
    gl_PointSize = width + 1.0;
    colour = vec4(vec3(paint.rgb) / 255.0, width);
    bool selected = (paint.a & 1u) == 1u;
    bool marked = emphasis > 1.0;
    float nearness = 1.0 - clamp((depth - depths.x) / max(depths.y - depths.x, 1e-6), 0.0, 1.0);

    // Narrower than this a tile shows nothing that a disc does not.
    float as_tile = mode == 0 ? 0.0 : smoothstep(11.0, 18.0, width / pixel);
    float radius = width * (mode == 0 ? 0.5 : 0.38);
    vec2 half_size = mix(vec2(radius), vec2(width, width * shape) * 0.5, as_tile);
    float tight = min(3.0 * pixel, half_size.y * 0.35);
    form = vec4(half_size, mix(min(half_size.x, half_size.y), tight, as_tile), as_tile);

    place = vec4(0.0, 0.0, -1.0, radius);
    float level = 0.0;
    if (as_tile > 0.0) {
        int page = gl_VertexID / grid.y;
        int within = gl_VertexID - page * grid.y;
        uvec2 entry = texelFetch(layers, ivec2(page & 63, page >> 6), 0).rg;
        uint layer = entry.r + entry.g * 256u;
        place.xy = vec2(within % grid.x, within / grid.x) * vec2(grid.zw);
        place.z = layer == 65535u ? -1.0 : float(layer);
        level = clamp(log2(float(grid.z) / width), 0.0, last_level);
    }

    // A thin line parts a picture from what is behind it.
    float frame = mode == 0 ? 0.0 : min(pixel, width * 0.04) * as_tile;
    edging = vec4(rim, 0.25);
    if (marked || selected) {
        frame = marked ? 2.0 * pixel : min(1.5 * pixel, width * 0.2);
        edging = vec4(accent, 0.0);
    } else if (mode != 0 && tinted == 1) {
        edging = vec4(mix(air, colour.rgb, mix(0.42, 1.0, nearness)), 0.0);
    }
    // Whoever is pointed at is seen, selected or not.
    float opacity = selecting == 1 && !selected && !marked ? 0.1 : 1.0;
    light = vec4(mix(0.48, 1.0, nearness), frame, opacity, level);
}
