//! Saddles, ravines, plateaus and multimodal surfaces as Burn functions, with what is known about each.
