// One vertex a point of the map. Lengths are in device pixels.
uniform mat4 clip;
uniform float scale;        // width of a point at depth 1
uniform vec2 limits;        // smallest and largest width
uniform vec2 depths;        // nearest and farthest depth of the cloud
uniform float emphasis;     // how much larger than life
uniform float least;        // no point is narrower
uniform float progress;     // 0: all points at their origin, 1: at their position

uniform ivec4 grid;         // columns, tiles on a page, tile width, tile height
uniform highp usampler2D layers;  // layer of each page, low byte first, 64 pages a row; 65535 where it is not there

in vec3 origin;
in vec3 position;
in float growth;            // width of this point, of that of an ordinary one
in uvec4 paint;             // red, green, blue (0-255), flags (1: selected)

flat out vec3 colour;
flat out float width;
flat out float nearness;    // 1 at the front of the cloud, 0 at its back
flat out int within;        // tile on its page
flat out int layer;         // where its page lies; negative where it does not
flat out uint flags;

void main() {
    gl_Position = clip * vec4(mix(origin, position, progress), 1.0);
    float depth = max(gl_Position.w, 1e-6);
    width = max(clamp(scale / depth, limits.x, limits.y) * growth * emphasis, least);
    gl_PointSize = width + 2.0;
    colour = vec3(paint.rgb) / 255.0;
    flags = paint.a;
    int page = gl_VertexID / grid.y;
    within = gl_VertexID - page * grid.y;
    uvec2 entry = texelFetch(layers, ivec2(page & 63, page >> 6), 0).rg;
    layer = int(entry.r + entry.g * 256u);
    if (layer == 65535) layer = -1;
    nearness = 1.0 - clamp((depth - depths.x) / max(depths.y - depths.x, 1e-6), 0.0, 1.0);
}
