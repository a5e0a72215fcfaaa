//! The forms of the study notes that this project starts from, as they state them.

crate::prelude::folder! {
    "notes"
    ewa: Ewa;
    ewa_momentum: EwaMomentum;
    notes_adagrad: NotesAdagrad;
    notes_rmsprop: NotesRmsprop;
    notes_adam: NotesAdam;
}
