use proptest::prelude::*;

use super::*;

fn points() -> impl Strategy<Value = Vec<[f32; 3]>> {
    prop::collection::vec(prop::array::uniform3(-50f32..50.0), 12..60)
}

fn camera(turn: [f32; 2], free: Rect) -> Camera {
    let mut camera = Camera::new(1280.0, 800.0);
    camera.resize(1280.0, 800.0, free);
    camera.orbit(turn[0], turn[1]);
    camera
}

const FREE: Rect = Rect { x: 300.0, y: 60.0, width: 700.0, height: 640.0 };

proptest! {
    #[test]
    fn a_framed_cloud_lies_wholly_in_the_free_area_and_nearly_fills_it(
        points in points(), turn in prop::array::uniform2(-300f32..300.0),
    ) {
        let mut camera = camera(turn, FREE);
        camera.frame(&points);
        let lens = camera.lens();
        let seen: Vec<_> = points.iter().map(|&p| lens.project(p).unwrap()).collect();
        prop_assert!(seen.iter().all(|s| FREE.contains(s.x, s.y)));
        let side = |f: fn(&OnScreen) -> f32| {
            let values = seen.iter().map(f);
            values.clone().fold(f32::MIN, f32::max) - values.fold(f32::MAX, f32::min)
        };
        let (width, height) = (side(|s| s.x), side(|s| s.y));
        prop_assert!(width > FREE.width * 0.5 || height > FREE.height * 0.5, "{width} x {height}");
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_zooming(
        at in prop::array::uniform2(0f32..800.0), factor in 0.5f32..2.0,
    ) {
        let mut camera = camera([40.0, 20.0], FREE);
        camera.frame(&[[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0]]);
        // The point of the target's plane under the pointer.
        let (right, up, _) = camera.axes();
        let (cx, cy) = camera.centre();
        let unit = camera.distance / camera.scale();
        let under = camera.target + (right * (at[0] - cx) - up * (at[1] - cy)) * unit;
        camera.zoom(factor, at);
        let seen = camera.lens().project(under.into()).unwrap();
        prop_assert!((seen.x - at[0]).abs() < 0.5 && (seen.y - at[1]).abs() < 0.5, "{seen:?}");
    }

    #[test]
    fn the_target_follows_a_panning_pointer(d in prop::array::uniform2(-200f32..200.0)) {
        let mut camera = camera([10.0, -90.0], FREE);
        let before = camera.target;
        let from = camera.lens().project(before.into()).unwrap();
        camera.pan(d[0], d[1]);
        let to = camera.lens().project(before.into()).unwrap();
        prop_assert!((to.x - from.x - d[0]).abs() < 0.5 && (to.y - from.y - d[1]).abs() < 0.5);
    }
}

proptest! {
    #[test]
    fn any_pose_can_be_drawn_from_and_a_sound_one_is_kept(
        target in prop::array::uniform3(any::<f32>()),
        rest in prop::array::uniform4(any::<f32>()),
    ) {
        let mut camera = camera([0.0, 0.0], FREE);
        camera.frame(&[[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0]]);
        let before = camera.pose();
        let [yaw, pitch, distance, radius] = rest;
        camera.set_pose(Pose { target, yaw, pitch, distance, radius });
        let pose = camera.pose();
        prop_assert!(pose.target.iter().chain([&pose.yaw, &pose.pitch, &pose.distance]).all(|v| v.is_finite()));
        prop_assert!(pose.distance > 0.0 && pose.radius > 0.0);
        camera.set_pose(before);
        prop_assert_eq!(camera.pose(), before);
    }
}

#[test]
fn the_target_is_seen_at_the_centre_of_the_free_area() {
    let camera = camera([33.0, 11.0], FREE);
    let seen = camera.lens().project(camera.target.into()).unwrap();
    assert!((seen.x - 650.0).abs() < 0.1 && (seen.y - 380.0).abs() < 0.1, "{seen:?}");
    assert!((seen.depth - camera.distance).abs() < 1e-3);
}

#[test]
fn an_upright_sheet_seen_from_its_edge_is_turned_to_show_its_face() {
    let mut camera = camera([0.0, 0.0], FREE);
    let sheet: Vec<[f32; 3]> =
        (0..100u8).map(|k| [f32::from(k % 10) * 0.01, f32::from(k / 10), f32::from(k % 10)]).collect();
    camera.yaw = 0.0;
    camera.frame(&sheet);
    let far = camera.distance;
    camera.face(&sheet);
    camera.frame(&sheet);
    let lens = camera.lens();
    let (left, right) = (lens.project(sheet[0]).unwrap(), lens.project(sheet[9]).unwrap());
    assert!((left.x - right.x).abs() > 300.0, "{left:?} {right:?}");
    assert!(camera.distance <= far * 1.5);
}

#[test]
fn what_is_behind_the_camera_is_not_on_the_screen() {
    let camera = Camera::new(100.0, 100.0);
    let (_, _, back) = camera.axes();
    let behind = camera.target + back * (camera.distance + 1.0);
    assert!(camera.lens().project(behind.into()).is_none());
}

#[test]
fn a_single_point_is_framed_at_a_finite_distance() {
    let mut camera = camera([0.0, 0.0], FREE);
    camera.frame(&[[5.0, 5.0, 5.0]]);
    assert_eq!((camera.distance, camera.radius), (3.0, 1.0));
    assert!(camera.lens().project([5.0, 5.0, 5.0]).is_some());
}
