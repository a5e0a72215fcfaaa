//! Plans applied to modules: what they select, what they leave, and that values depend on seed and path alone.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, Linear, LinearConfig, LinearLayout};
use burn::tensor::{DType, Device, FloatDType, Tensor};
use thalweg_autodiff::compiled_devices;
use thalweg_init::schemes::{Constant, Kaiming, Normal, Ones, Orthogonal, Xavier, Zeros};
use thalweg_init::{Error, Kind, Plan, plan};

#[derive(Module, Debug)]
struct Net {
    embedding: Embedding,
    conv: Conv2d,
    norm: BatchNorm,
    layers: Vec<Linear>,
    head: Linear,
}

fn net(device: &Device) -> Net {
    Net {
        embedding: EmbeddingConfig::new(7, 4).init(device),
        conv: Conv2dConfig::new([4, 6], [3, 3]).init(device),
        norm: BatchNormConfig::new(6).init(device),
        layers: (0..2).map(|_| LinearConfig::new(300, 300).init(device)).collect(),
        head: LinearConfig::new(300, 2).init(device),
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[test]
fn weights_follow_the_plan_and_biases_are_zero() {
    let plan = plan! {
        "head.*" => Zeros,
        Kind::NormScale => Constant { value: 0.5 },
        Kind::Embedding => Normal { std: 0.02, ..Default::default() },
        "layers.1.bias" => Ones,
        _ => Kaiming::normal().relu(),
    };
    let before = net(&Device::flex());
    let after = plan.apply(&before, 3).unwrap();
    assert!(values(after.head.weight.val()).iter().all(|x| *x == 0.0));
    assert!(values(after.norm.gamma.val()).iter().all(|x| *x == 0.5));
    assert!(values(after.layers[1].bias.as_ref().unwrap().val()).iter().all(|x| *x == 1.0));
    assert!(values(after.layers[0].bias.as_ref().unwrap().val()).iter().all(|x| *x == 0.0));
    assert!(values(after.conv.bias.as_ref().unwrap().val()).iter().all(|x| *x == 0.0));
    assert!(values(after.embedding.weight.val()).iter().all(|x| x.abs() < 0.1));
    let weight = values(after.layers[0].weight.val());
    let mean_square = weight.iter().map(|x| f64::from(x * x)).sum::<f64>() / weight.len() as f64;
    assert!((mean_square * 150.0 - 1.0).abs() < 5.0 * (2.0 / 90_000f64).sqrt(), "{mean_square}");
    assert_eq!(before.head.weight.id, after.head.weight.id);
    assert_eq!(values(before.norm.running_var.value()), values(after.norm.running_var.value()));
}

#[test]
fn what_no_rule_selects_stays_as_it_is() {
    let before = net(&Device::flex());
    let after = plan! { "head.*" => Xavier::uniform() }.apply(&before, 3).unwrap();
    assert_eq!(values(before.layers[0].weight.val()), values(after.layers[0].weight.val()));
    let bias = |linear: &Linear| values(linear.bias.as_ref().unwrap().val());
    assert_eq!(bias(&before.layers[0]), bias(&after.layers[0]));
    assert_eq!(bias(&after.head), [0.0; 2]);
    assert_eq!(values(before.norm.gamma.val()), values(after.norm.gamma.val()));
}

#[test]
fn values_depend_on_seed_and_path_alone() {
    let plan = plan! { "*.1.weight" => Orthogonal { gain: 1.0 }, _ => Kaiming::normal() };
    let once = plan.apply(&net(&Device::flex()), 11).unwrap();
    let others: Vec<_> =
        compiled_devices().iter().map(|device| plan.apply(&net(device), 11).unwrap()).collect();
    let trained = plan.apply(&net(&Device::flex().autodiff()), 11).unwrap();
    for k in 0..2 {
        let weight = values(once.layers[k].weight.val());
        others.iter().for_each(|other| assert_eq!(weight, values(other.layers[k].weight.val())));
        assert_eq!(weight, values(trained.layers[k].weight.val().inner()));
    }
    assert!(trained.layers[0].weight.val().is_require_grad());
    assert_ne!(
        values(once.layers[0].weight.val()),
        values(plan.apply(&net(&Device::flex()), 12).unwrap().layers[0].weight.val())
    );
    let one = plan! { "*layers.0.weight" => Kaiming::normal() }.apply(&net(&Device::flex()), 11).unwrap();
    assert_eq!(values(once.layers[0].weight.val()), values(one.layers[0].weight.val()));
    let threads = rayon_of_one(|| plan.apply(&net(&Device::flex()), 11).unwrap());
    assert_eq!(values(once.layers[1].weight.val()), values(threads.layers[1].weight.val()));
}

fn rayon_of_one<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(f)
}

#[test]
fn other_precisions_are_the_same_values_rounded() {
    let plan = Plan::all(Xavier::normal());
    let linear = || LinearConfig::new(40, 30).init(&Device::flex());
    struct Cast(FloatDType);
    impl burn::module::ModuleMapper for Cast {
        fn map_float<const D: usize>(
            &mut self,
            param: burn::module::Param<Tensor<D>>,
        ) -> burn::module::Param<Tensor<D>> {
            param.map(|tensor| tensor.cast(self.0))
        }
    }
    let single = plan.apply(&linear(), 5).unwrap().weight.val().into_data();
    let double = plan.apply(&linear().map(&mut Cast(FloatDType::F64)), 5).unwrap().weight.val().into_data();
    assert_eq!(double.dtype(), DType::F64);
    let rounded: Vec<f32> = double.try_to_vec::<f64>().unwrap().into_iter().map(|x| x as f32).collect();
    assert_eq!(single.try_to_vec::<f32>().unwrap(), rounded);
    let half = plan.apply(&linear().map(&mut Cast(FloatDType::BF16)), 5).unwrap().weight.val().into_data();
    assert_eq!(half.dtype(), DType::BF16);
    for (half, x) in half.iter::<f64>().zip(double.try_to_vec::<f64>().unwrap()) {
        assert!((half - x).abs() <= x.abs() / 256.0, "{half} for {x}");
    }
}

#[test]
fn both_layouts_of_a_linear_layer_have_the_same_fans() {
    let plan = Plan::all(Kaiming::normal());
    for layout in [LinearLayout::Row, LinearLayout::Col] {
        let linear = LinearConfig::new(5, 3).with_layout(layout).init(&Device::flex());
        let fans = plan.explain(&linear).unwrap().rows[0].place.fans.unwrap();
        assert_eq!((fans.input, fans.output), (5.0, 3.0), "{layout:?}");
        let applied = plan.apply(&linear, 1).unwrap();
        assert_eq!(applied.weight.val().dims(), [5, 3]);
    }
}

#[test]
fn a_plan_reads_back_from_its_text() {
    let plan = plan! {
        "*.bias" => Zeros,
        ("layers.*", Kind::Bias) => Constant { value: 0.1 },
        Kind::NormScale => Ones,
        _ => Kaiming::normal().fan_out(),
    }
    .geometry("conv*", thalweg_init::Geometry { groups: 2, strides: 4 });
    let text = plan.to_string();
    assert_eq!(
        text,
        "conv* => geometry(groups=2, strides=4); *.bias => zeros; layers.*[bias] => constant(value=0.1); [norm_scale] => \
         ones; _ => kaiming_normal(mode=fan_out)"
    );
    assert_eq!(text.parse::<Plan>().unwrap(), plan);
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
}

#[test]
fn the_table_tells_path_shape_fans_and_values() {
    let linear = LinearConfig::new(5, 3).init(&Device::flex());
    let table = plan! { _ => Kaiming::normal().relu() }.explain(&linear).unwrap().to_string();
    assert_eq!(
        table,
        "path    shape   fan in  fan out  scheme                             values\n\
         weight  [5, 3]       5        3  kaiming_normal(nonlinearity=relu)  normal, std 0.632456\n\
         bias    [3]          –        –  zeros                              all 0"
    );
}

#[test]
fn errors_are_sentences_with_a_remedy() {
    let device = Device::flex();
    let said = |plan: &str| -> String {
        plan.parse::<Plan>().and_then(|plan| plan.apply(&net(&device), 0).map(|_| ())).unwrap_err().to_string()
    };
    for (plan, want) in [
        ("heat.weight => zeros", "`heat.weight` selects no parameter; did you mean `head.weight`?"),
        (
            "norm.* => ones",
            "`norm.*` selects no parameter of this kind: `norm.gamma` is another; name it in full, or give its kind in \
             brackets, as in `*[bias]`.",
        ),
        (
            "head.bias => kaiming_normal",
            "`kaiming_normal` needs a fan in and a fan out, which `head.bias` of shape [2] does not have; give it `zeros`, \
             `constant` or another scheme without fans, or keep the rule from it.",
        ),
        (
            "head.bias => orthogonal",
            "`orthogonal` needs a matrix or a kernel, but `head.bias` of shape [2] has fewer than two axes; give it \
             `zeros` or another scheme for vectors.",
        ),
        ("_ => normal(std=-1)", "`std` of `normal` must be a number of at least 0, but it is `-1`."),
        ("_ => sparse(sparsity=1.5)", "`sparsity` of `sparse` must be a number from 0 to 1, but it is `1.5`."),
        ("_ => sparse", "`sparse` needs `sparsity`, a number from 0 to 1."),
        (
            "_ => uniform(low=1, high=1)",
            "`uniform(low=1)` draws between 1 and 1, which is no interval; the lower bound must be below the upper one.",
        ),
        ("_ => kaimin_normal", "There is no initializer `kaimin_normal`; did you mean `kaiming_normal`?"),
        (
            "_ => xavier_normal(gian=2)",
            "There is no setting of `xavier_normal` named `gian`; did you mean `gain`?",
        ),
        ("_ => zeros(a=1)", "There is no setting of `zeros` named `a`; it has none."),
        (
            "_ kaiming_normal",
            "In a plan, `_ kaiming_normal` is no rule; write `pattern => scheme`, for instance `*.bias => zeros`.",
        ),
    ] {
        assert_eq!(said(plan), want, "{plan}");
    }
    let empty = LinearConfig::new(0, 3).with_bias(false).init(&device);
    let error = Plan::all(Kaiming::normal()).apply(&empty, 0).unwrap_err();
    assert!(matches!(error, Error::Shape(_)));
    assert!(error.to_string().starts_with("`weight` of shape [0, 3] has an axis of length zero"), "{error}");
}
