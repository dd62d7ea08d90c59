UPDATE memories SET valence_f = NULL, arousal_f = NULL;
