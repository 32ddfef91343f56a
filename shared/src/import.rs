//! Reading the list that an office keeps today.
