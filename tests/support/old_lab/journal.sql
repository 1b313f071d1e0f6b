PRAGMA application_id = 1279939150;
BEGIN TRANSACTION;
CREATE TABLE deployments (
    deployment_id INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, checkpoint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'loading', 'canary', 'live', 'draining',
        'retired', 'failed', 'rolled_back')),
    reason TEXT, was_live INTEGER NOT NULL DEFAULT 0, requested_at REAL NOT NULL, updated_at REAL NOT NULL);
INSERT INTO "deployments" VALUES(1,'2d7c8933bb-1','/lab/runs/2d7c8933bb-1/checkpoint','live','simulated',1,1767227220.71453,1767227228.71453);
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL);
INSERT INTO "events" VALUES(1,1767225600.0,'session_started','{"budget_micro_usd": 96000000, "session": 1}');
INSERT INTO "events" VALUES(2,1.76722582889244771001e+09,'checkpoint_deleted','{"job_id": "724a7bd082-1", "purpose": "calibrate"}');
INSERT INTO "events" VALUES(3,1.76722723086371874805e+09,'checkpoint_deleted','{"job_id": "501b28dbca-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(4,1.76722723186371874805e+09,'checkpoint_deleted','{"job_id": "54107ef6d1-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(5,1.7672272386839559078e+09,'checkpoint_deleted','{"job_id": "1f48f7beb7-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(6,1.7672272586244168282e+09,'checkpoint_deleted','{"job_id": "a43f688bb1-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(7,1.76722726524327850344e+09,'checkpoint_deleted','{"job_id": "98b54b0fac-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(8,1.76722726574327850335e+09,'checkpoint_deleted','{"job_id": "5c974abd33-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(9,1.76722726574327850335e+09,'insight','{"changes": [["model.qk_scale", "higher"], ["optim.weight_decay", "lower"], ["schedule.warmdown_fraction", "lower"]], "directions": 4, "estimate": -0.015092780989224508, "hypothesis_ids": ["h7"], "standard_error": 0.0005405760930966277, "text": "A higher model.qk_scale and a lower optim.weight_decay and a lower schedule.warmdown_fraction may raise val_bpb: -0.0151 \u00b1 0.0005 val_bpb (h7); the strongest of 4, so expect less. Stopped after one seed: 4, audited 0, wrong 0.", "verdicts": 4}');
INSERT INTO "events" VALUES(10,1.76722727706202363965e+09,'checkpoint_deleted','{"job_id": "03d3e88efb-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(11,1.76722792602348637578e+09,'checkpoint_deleted','{"job_id": "24738c206b-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(12,1.76722794238069319723e+09,'checkpoint_deleted','{"job_id": "b15f14e733-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(13,1.76722794288069319727e+09,'checkpoint_deleted','{"job_id": "97c764c1c6-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(14,1.76722796655633473394e+09,'checkpoint_deleted','{"job_id": "ba28b9f042-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(15,1.76722796655633473394e+09,'insight','{"changes": [["optim.embedding_lr", "lower"], ["optim.weight_decay", "higher"], ["schedule.warmdown_fraction", "lower"]], "directions": 8, "estimate": -0.12592675030064981, "hypothesis_ids": ["h2"], "standard_error": 0.0003796562686842072, "text": "A lower optim.embedding_lr and a higher optim.weight_decay and a lower schedule.warmdown_fraction may raise val_bpb: -0.1259 \u00b1 0.0004 val_bpb (h2); the strongest of 8, so expect less. Stopped after one seed: 7, audited 1, wrong 0.", "verdicts": 8}');
INSERT INTO "events" VALUES(16,1.76722797524030780791e+09,'checkpoint_deleted','{"job_id": "bb21046661-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(17,1.76722797609826660155e+09,'checkpoint_deleted','{"job_id": "ef42ad364f-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(18,1.76722798721364307396e+09,'checkpoint_deleted','{"job_id": "5dbe842745-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(19,1.76722806253265190125e+09,'checkpoint_deleted','{"job_id": "d23e423fef-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(20,1.76722863753849053383e+09,'checkpoint_deleted','{"job_id": "93520d982b-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(21,1.76722865156881856919e+09,'checkpoint_deleted','{"job_id": "edbf9c9364-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(22,1.76722865852108454703e+09,'checkpoint_deleted','{"job_id": "bef44a9de9-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(23,1.76722866783896660801e+09,'checkpoint_deleted','{"job_id": "1d08e807f9-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(24,1.76722866783896660801e+09,'insight','{"changes": [["optim.matrix_lr", "higher"], ["optim.unembedding_lr", "higher"]], "directions": 12, "estimate": 0.0009716286882615055, "hypothesis_ids": ["h5"], "standard_error": 0.00038848358277525, "text": "A higher optim.matrix_lr and a higher optim.unembedding_lr may lower val_bpb further: +0.0010 \u00b1 0.0004 val_bpb (h5); the strongest of 12, so expect less. Stopped after one seed: 8, audited 3, wrong 0.", "verdicts": 12}');
INSERT INTO "events" VALUES(25,1.76722868183667588233e+09,'checkpoint_deleted','{"job_id": "9049dceef3-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(26,1.76722868967990469932e+09,'checkpoint_deleted','{"job_id": "25379f2b2f-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(27,1.76722877061711168287e+09,'checkpoint_deleted','{"job_id": "0bd876d1cf-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(28,1.76722878626772475245e+09,'checkpoint_deleted','{"job_id": "917578ca39-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(29,1.7672293433828423023e+09,'checkpoint_deleted','{"job_id": "15045a97ba-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(30,1.76722938546923780435e+09,'checkpoint_deleted','{"job_id": "f4ea076cb0-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(31,1.76722938888278174396e+09,'checkpoint_deleted','{"job_id": "e9ddb9e604-1", "purpose": "hypothesis"}');
INSERT INTO "events" VALUES(32,1.76722938888278174396e+09,'insight','{"changes": [["optim.matrix_lr", "higher"], ["optim.unembedding_lr", "higher"]], "directions": 15, "estimate": 0.0009716286882615055, "hypothesis_ids": ["h5"], "standard_error": 0.00038848358277525, "text": "A higher optim.matrix_lr and a higher optim.unembedding_lr may lower val_bpb further: +0.0010 \u00b1 0.0004 val_bpb (h5); the strongest of 15, so expect less. Stopped after one seed: 8, audited 6, wrong 0.", "verdicts": 16}');
CREATE TABLE hypotheses (
    hypothesis_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, statement TEXT NOT NULL,
    baseline_recipe TEXT NOT NULL REFERENCES recipes(recipe_id), patch TEXT NOT NULL,
    metric TEXT NOT NULL, direction TEXT NOT NULL, minimum_effect REAL NOT NULL,
    replicates INTEGER NOT NULL, stopping_rule TEXT NOT NULL, cost_micro_usd INTEGER NOT NULL,
    proposer TEXT NOT NULL, prior REAL NOT NULL, rung TEXT NOT NULL, registered_at REAL NOT NULL, pairing INTEGER);
INSERT INTO "hypotheses" VALUES('h1','00b036d65c344cb0a8f895f998d7ca29740f6ac7185f60399e0690d9fa18029e','A logit softcap of 16.7 (×1.11) and a Muon momentum of 0.935 (×0.984) together lower val_bpb.','r1','{"model.logit_softcap": 16.7, "optim.muon_momentum": 0.935}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655131187558179e+09,0);
INSERT INTO "hypotheses" VALUES('h2','1a1dad90423e4f7cecaca16860edfd4bb5ed9a92c516d6a38b4e62a47565fd4c','An embedding learning rate of 0.135 (×0.45), a weight decay of 0.537 (×1.92) and a warm-down fraction of 0.565 (×0.869) together lower val_bpb.','r1','{"optim.embedding_lr": 0.135, "optim.weight_decay": 0.537, "schedule.warmdown_fraction": 0.565}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655131187558179e+09,0);
INSERT INTO "hypotheses" VALUES('h3','a88723ddf39b31ff949ee5ccbc6bad56f7c68841ae42e7b056e2e0fc87cb51a7','The window pattern SSL, an embedding learning rate of 0.252 (×0.84), a matrix learning rate of 0.003 (×0.15) and AdamW for the matrices together lower val_bpb.','r1','{"model.window_pattern": "SSL", "optim.embedding_lr": 0.252, "optim.matrix_lr": 0.003, "optim.matrix_optimizer": "adamw"}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655131187558179e+09,0);
INSERT INTO "hypotheses" VALUES('h4','64d50a895aaff89f0eecf959c81c43de3c6fca82e10b92c26066c4b2584f4dc3','A QK scale of 1.78 (×1.48), an Adam beta1 of 0.768 (×0.96) and an Adam beta2 of 0.954 (×1) together lower val_bpb.','r1','{"model.qk_scale": 1.78, "optim.adam_beta1": 0.768, "optim.adam_beta2": 0.954}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655181187558171e+09,0);
INSERT INTO "hypotheses" VALUES('h5','6772ef395212dfeb01f197c9fb74e693a6d6fc9b13dc053489879eb98f749285','A matrix learning rate of 0.0215 (×1.07) and an unembedding learning rate of 0.011 (×1.38) together lower val_bpb.','r1','{"optim.matrix_lr": 0.0215, "optim.unembedding_lr": 0.011}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655181187558171e+09,0);
INSERT INTO "hypotheses" VALUES('h6','e1a755044e47010e23940a489f23492d6cbc1228e430e965ebac796c04e9e8a4','An Adam beta1 of 0.822 (×1.03), an embedding learning rate of 0.257 (×0.857) and a scalar learning rate of 0.296 (×0.592) together lower val_bpb.','r1','{"optim.adam_beta1": 0.822, "optim.embedding_lr": 0.257, "optim.scalar_lr": 0.296}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655231187558179e+09,0);
INSERT INTO "hypotheses" VALUES('h7','9583603b86ee9357f39b1549dad12e1651cb8607495ba6e4a3a652f67b63e031','A QK scale of 1.89 (×1.57), a weight decay of 0.178 (×0.636) and a warm-down fraction of 0.538 (×0.828) together lower val_bpb.','r1','{"model.qk_scale": 1.89, "optim.weight_decay": 0.178, "schedule.warmdown_fraction": 0.538}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1.76722655281187558174e+09,0);
INSERT INTO "hypotheses" VALUES('h8','e0965242192afa63a578247808016539df37397bbcab88095decb5c351ff2fc2','The window pattern L, a matrix learning rate of 0.003 (×0.15) and AdamW for the matrices together lower val_bpb.','r1','{"model.window_pattern": "L", "optim.matrix_lr": 0.003, "optim.matrix_optimizer": "adamw"}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.2,'depth 8, 874729472 tokens',1767227221.21453,0);
INSERT INTO "hypotheses" VALUES('h9','0fbd9af817a2b1d131178e4d717073d824c46b137202d678dcd57d71c8bc6fdc','An Adam beta2 of 0.946 (×0.996) and a Muon momentum of 0.914 (×0.962) together lower val_bpb.','r1','{"optim.adam_beta2": 0.946, "optim.muon_momentum": 0.914}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.1,'depth 8, 874729472 tokens',1.76722723136371874814e+09,0);
INSERT INTO "hypotheses" VALUES('h10','c9fd6ed844721d2194455a0dc912f6f91fc46b110e4866d1ac735de84f24f58d','A logit softcap of 7.92 (×0.528) and an unembedding learning rate of 0.0132 (×1.65) together lower val_bpb.','r1','{"model.logit_softcap": 7.92, "optim.unembedding_lr": 0.0132}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',6.66666666666666657414e-02,'depth 8, 874729472 tokens',1.76722723236371874813e+09,0);
INSERT INTO "hypotheses" VALUES('h11','1bb3ad4d9c5e93bef4cc05c6d5a348ca48350fceaf8443f32488809dbade9cbe','The window pattern SSL, an unembedding learning rate of 0.0127 (×1.59) and a warm-down fraction of 0.596 (×0.917) together lower val_bpb.','r1','{"model.window_pattern": "SSL", "optim.unembedding_lr": 0.0127, "schedule.warmdown_fraction": 0.596}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',0.05,'depth 8, 874729472 tokens',1.7672272391839559078e+09,0);
INSERT INTO "hypotheses" VALUES('h12','75c053ba862834795498ed080bcc66cbb7df32b4d986ce55cc5d53617c4b6b78','A QK scale of 0.858 (×0.715) and an embedding learning rate of 0.42 (×1.4) together lower val_bpb.','r1','{"model.qk_scale": 0.858, "optim.embedding_lr": 0.42}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',5.36519416830884415814e-02,'depth 8, 874729472 tokens',1.76722726624327850343e+09,0);
INSERT INTO "hypotheses" VALUES('h13','949c2279e8ca4119b94f33230a4802526cd685339b7bde4e1462abf1a05356fb','A QK scale of 0.82 (×0.683), an embedding learning rate of 0.411 (×1.37) and a Muon momentum of 0.98 (×1.03) together lower val_bpb.','r1','{"model.qk_scale": 0.82, "optim.embedding_lr": 0.411, "optim.muon_momentum": 0.98}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',4.4777016364211424948e-01,'depth 8, 874729472 tokens',1.76722727756202363969e+09,0);
INSERT INTO "hypotheses" VALUES('h14','2eae006d89897c0819ccf85b3800fb4822ddeec3ce8a69c2923357ce3995b370','A QK scale of 0.706 (×0.588) and an embedding learning rate of 0.719 (×2.4) together lower val_bpb.','r1','{"model.qk_scale": 0.706, "optim.embedding_lr": 0.719}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',2.55722751930817053522e-02,'depth 8, 874729472 tokens',1.76722792652348637586e+09,0);
INSERT INTO "hypotheses" VALUES('h15','cc05a7bcf148b34f72a018e896b825681e1ed0eb7b52c217a6994e935876c35c','A logit softcap of 53.5 (×3.57), a RoPE base of 2750 (×0.0275), leaving out value embeddings, an Adam beta2 of 0.901 (×0.948), an embedding learning rate of 1.19 (×3.97), a matrix learning rate of 0.00625 (×0.312), a Muon momentum of 0.973 (×1.02), an unembedding learning rate of 0.00273 (×0.341) and a weight decay of 0.119 (×0.425) together lower val_bpb.','r1','{"model.logit_softcap": 53.5, "model.rope_base": 2750.0, "model.value_embeddings": false, "optim.adam_beta2": 0.901, "optim.embedding_lr": 1.19, "optim.matrix_lr": 0.00625, "optim.muon_momentum": 0.973, "optim.unembedding_lr": 0.00273, "optim.weight_decay": 0.119}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',1.76718987243215212845e-02,'depth 8, 874729472 tokens',1.76722794288069319727e+09,0);
INSERT INTO "hypotheses" VALUES('h16','aea9b82b38463e41a705c0f7e120311dd08a6c61cad1edd8f6d13ea53ef9c5a9','A logit softcap of 36.2 (×2.41) and an embedding learning rate of 0.479 (×1.6) together lower val_bpb.','r1','{"model.logit_softcap": 36.2, "optim.embedding_lr": 0.479}','val_bpb','decrease',0.001946,16,'looks at 2, 4, 8, 16 seeds, the baseline at least as many; ends when the first seed alone is worse than the baseline by its one-sided 99% bound (an eighth of these, and people''s hypotheses, go on all the same), when supported or refuted, when the one-sided 95% upper bound is below the minimum effect, at 16 seeds, or when the money is not enough for the next look',9599984,'search',2.51920727432242558263e-02,'depth 8, 874729472 tokens',1.76722796705633473394e+09,0);
CREATE TABLE jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL UNIQUE, spec_hash TEXT NOT NULL,
    kind TEXT NOT NULL, purpose TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    reason TEXT, message TEXT, spec TEXT NOT NULL,
    hypothesis_id TEXT REFERENCES hypotheses(hypothesis_id), recipe_id TEXT REFERENCES recipes(recipe_id),
    arm TEXT, seed INTEGER NOT NULL, gpus INTEGER NOT NULL, source TEXT NOT NULL,
    resumed_from TEXT, simulated INTEGER NOT NULL, created_at REAL NOT NULL, launched_at REAL,
    started_at REAL, finished_at REAL, metrics TEXT NOT NULL, result TEXT, cost_micro_usd INTEGER,
    cancel_requested INTEGER NOT NULL);
INSERT INTO "jobs" VALUES(1,'162a92bba5-1','162a92bba5e5951e5d0e9dba3d035cdb23ee833b61cca03b01ef487d4d46a87d','tokenizer','tokenizer','succeeded',NULL,'simulated','{
 "data": "default",
 "kind": "tokenizer",
 "limits": {
  "gpus": 1,
  "max_seconds": 1320.0
 },
 "max_bytes": 400000000,
 "seed": 0,
 "vocab_size": 32768
}
',NULL,NULL,NULL,0,1,'conductor',NULL,1,1767225600.0,1767225600.0,1767225600.0,1.76722573483099842069e+09,'{"bytes_per_token": 4.2}','{"job_id":"162a92bba5-1","spec_hash":"162a92bba5e5951e5d0e9dba3d035cdb23ee833b61cca03b01ef487d4d46a87d","kind":"tokenizer","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"bytes_per_token":4.2},"resolved":{},"core":null,"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225600.0,"finished_at":1767225734.8309984,"wall_seconds":134.8309984062812,"train_seconds":0.0}',112360,0);
INSERT INTO "jobs" VALUES(2,'724a7bd082-1','724a7bd082a4bd3f53896cd8b5456886ea4a9527cda30d4ba6c1d46cb797e987','pretrain','calibrate','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1500.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 1000,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 29999104,
 "val_tokens": 1048576
}
',NULL,NULL,NULL,1000,1,'conductor',NULL,1,1.76722573483099842069e+09,1.76722573483099842069e+09,1.76722573483099842069e+09,1.76722582889244771001e+09,'{"core_metric": -0.0315151515151515, "tokens_per_second": 1349544.0851046785, "val_bpb": 1.510933410778588}','{"job_id":"724a7bd082-1","spec_hash":"724a7bd082a4bd3f53896cd8b5456886ea4a9527cda30d4ba6c1d46cb797e987","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.510933410778588,"tokens_per_second":1349544.0851046785,"core_metric":-0.0315151515151515},"resolved":{},"core":{"core_metric":-0.0315151515151515,"lower":-0.0515151515151515,"upper":-0.011515151515151503,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffbe00000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3ec8d10000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.16,"centered":-0.12,"right":"1b40840100000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"3db0800000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fd8a50000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fb9120000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.16,"centered":-0.12,"right":"1d36000000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"1f83080000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"1ef2404000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3fc80c0000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fb9828000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3e051b0000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3e4e500000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"3d5a080000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ffc100000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3dbe200000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"357d101000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"3da0504000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"344e084000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"18ef760000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"2fd00c0000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3d67880000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225734.8309984,"finished_at":1767225828.8924477,"wall_seconds":94.06144927296043,"train_seconds":22.229065601568024}',78385,0);
INSERT INTO "jobs" VALUES(3,'10bf3b058d-1','10bf3b058d45b6b9beac13d198b5c9517da53263d0eddbebddfdc8c88ea41404','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 101,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',101,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722652822839808471e+09,'{"core_metric": 0.10909090909090909, "tokens_per_second": 1367168.4944897224, "val_bpb": 0.9732350935035563}','{"job_id":"10bf3b058d-1","spec_hash":"10bf3b058d45b6b9beac13d198b5c9517da53263d0eddbebddfdc8c88ea41404","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9732350935035563,"tokens_per_second":1367168.4944897224,"core_metric":0.10909090909090909},"resolved":{},"core":{"core_metric":0.10909090909090909,"lower":0.08909090909090908,"upper":0.1290909090909091,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffdba8480000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"1ffd500000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3e9ec21800000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffb470a00000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffa598000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff5622000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dff848400000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff522008000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3e7d20c800000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff485c000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3f7fa85800000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"1fff020400000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"2afc800040000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffbb00000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffa640100000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffb740044800"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ef1d30000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f9dc60000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffc50a600000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7a30000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"37f6828000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3feef41040008"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226528.2283983,"wall_seconds":698.8359504551163,"train_seconds":639.8110222152839}',582364,0);
INSERT INTO "jobs" VALUES(4,'6c7b3b8099-1','6c7b3b8099c66509a636b1ad59c6ff80993c6bfd0721f4601f64f5f36bf0b324','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 102,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',102,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722652783192420004e+09,'{"core_metric": 0.1321212121212121, "tokens_per_second": 1381061.9729535608, "val_bpb": 0.9726062895092289}','{"job_id":"6c7b3b8099-1","spec_hash":"6c7b3b8099c66509a636b1ad59c6ff80993c6bfd0721f4601f64f5f36bf0b324","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9726062895092289,"tokens_per_second":1381061.9729535608,"core_metric":0.1321212121212121},"resolved":{},"core":{"core_metric":0.1321212121212121,"lower":0.11212121212121211,"upper":0.1521212121212121,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3eff320000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbb7c4000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f6db24a00000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fffc88800000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbad66000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffff80800000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3ffbf69440000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffd5c0000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe9168100000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffede1080000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffdcb4010000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6ab0000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f7e088000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"1ffb700000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f4eb00000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"1fdff40000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff2cd2000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fdf6d4000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3feed08080000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff9c05800000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fead18000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3d7f580400000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226527.8319244,"wall_seconds":698.4394766072086,"train_seconds":633.3745256407935}',582033,0);
INSERT INTO "jobs" VALUES(5,'f458c45153-1','f458c4515368ad2ee0484f75d73efa1d861bdfc1c1a7f6d2666e47a686d94418','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 103,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',103,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.7672265263897531033e+09,'{"core_metric": 0.14060606060606062, "tokens_per_second": 1351435.8181356417, "val_bpb": 0.9733912169792237}','{"job_id":"f458c45153-1","spec_hash":"f458c4515368ad2ee0484f75d73efa1d861bdfc1c1a7f6d2666e47a686d94418","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9733912169792237,"tokens_per_second":1351435.8181356417,"core_metric":0.14060606060606062},"resolved":{},"core":{"core_metric":0.14060606060606062,"lower":0.12060606060606062,"upper":0.1606060606060606,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37d4f01020000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fe3f41000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"37ff712000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3bbadc0002000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"375ff32000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffa8a5600000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff2b42200000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3effa02200000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fdfbe0000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3eedeea000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffe482000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffff10080040"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f79da2000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7948200000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff6c0000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7780000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"37f4e52200000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff1d81000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f7be68000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fdf7e0100000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fafcb1080000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3efe92d200000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226526.3897533,"wall_seconds":696.9973054591474,"train_seconds":647.2593520621077}',580832,0);
INSERT INTO "jobs" VALUES(6,'72d3a6c990-1','72d3a6c9908d11c5c25358a03e52ac7c037ddeb42585afe7f4954c8f641fba66','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 104,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',104,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722652129000830649e+09,'{"core_metric": 0.13939393939393943, "tokens_per_second": 1382185.492861795, "val_bpb": 0.972918923502405}','{"job_id":"72d3a6c990-1","spec_hash":"72d3a6c9908d11c5c25358a03e52ac7c037ddeb42585afe7f4954c8f641fba66","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.972918923502405,"tokens_per_second":1382185.492861795,"core_metric":0.13939393939393943},"resolved":{},"core":{"core_metric":0.13939393939393943,"lower":0.11939393939393943,"upper":0.15939393939393942,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fbfd40e40000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fffbe0000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3f9fc93100000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f3f008000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffdd80280000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f7f842020000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fefccd100000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"37f70ca141000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff8f10200000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f7f41c000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dbfa48100000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3efe860000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fdff50180000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffa6a0000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"2ffec92000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f7fd01040000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fcd109000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffdc68400000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"1fdd290800000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ff7fa0000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffcfd0000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fe6ba8000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226521.2900083,"wall_seconds":691.8975605030282,"train_seconds":632.8596823780036}',576582,0);
INSERT INTO "jobs" VALUES(7,'cbe73b2635-1','cbe73b263529eafa122f46d78b23f636ad0087577ceb8e6a1376b283c428531a','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 105,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',105,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722652028527593614e+09,'{"core_metric": 0.1103030303030303, "tokens_per_second": 1388331.6119552108, "val_bpb": 0.9735408319476921}','{"job_id":"cbe73b2635-1","spec_hash":"cbe73b263529eafa122f46d78b23f636ad0087577ceb8e6a1376b283c428531a","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9735408319476921,"tokens_per_second":1388331.6119552108,"core_metric":0.1103030303030303},"resolved":{},"core":{"core_metric":0.1103030303030303,"lower":0.0903030303030303,"upper":0.1303030303030303,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fffc40000800"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ff8400100000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3effc8c200000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3dfc400004000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3fc0124400000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3df21c0a00000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ff96f8000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f6c4ac440000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f9f248000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ebecba240000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3f7ed4ca40000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fb8e00200000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f7a608000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ffc041800000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7d20000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fbfdc0100000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff3c80000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff178000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3f68d5e300000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"37f7016010000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fbfd19000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"37fed21000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226520.285276,"wall_seconds":690.8928281575488,"train_seconds":630.0580239386062}',575745,0);
INSERT INTO "jobs" VALUES(8,'7d539ad422-1','7d539ad422480a6f45fc0e289465d34baedf1713f0d2cb225ae03d5e856ff28d','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 106,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',106,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722655106187534327e+09,'{"core_metric": 0.11393939393939397, "tokens_per_second": 1354157.2347406922, "val_bpb": 0.9732696869474615}','{"job_id":"7d539ad422-1","spec_hash":"7d539ad422480a6f45fc0e289465d34baedf1713f0d2cb225ae03d5e856ff28d","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9732696869474615,"tokens_per_second":1354157.2347406922,"core_metric":0.11393939393939397},"resolved":{},"core":{"core_metric":0.11393939393939397,"lower":0.09393939393939396,"upper":0.13393939393939397,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3fffc96c00000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"0fd3978400000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2fae1a0840000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fed420200000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"2bbefe0000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3feec90000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ef5f40000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffdcc2000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3967caa100000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fdc584408000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"1ff9994000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ff7c74000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fea920400000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff64e9000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff8b70000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffab80400000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffcc90000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3efb380400000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ef7b50000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3f7f3d4080000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"1ffe980100000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ee9890020000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226551.0618756,"wall_seconds":721.6694275721854,"train_seconds":645.9585708062197}',601392,0);
INSERT INTO "jobs" VALUES(9,'92c8f07028-1','92c8f07028e62f09dfe3a1b31237abb3cf40599b93e0c3d4c68fdff3aa1a89b0','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 107,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',107,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722653029131174088e+09,'{"core_metric": 0.09454545454545457, "tokens_per_second": 1390936.9289325504, "val_bpb": 0.9720329225052478}','{"job_id":"92c8f07028-1","spec_hash":"92c8f07028e62f09dfe3a1b31237abb3cf40599b93e0c3d4c68fdff3aa1a89b0","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9720329225052478,"tokens_per_second":1390936.9289325504,"core_metric":0.09454545454545457},"resolved":{},"core":{"core_metric":0.09454545454545457,"lower":0.07454545454545457,"upper":0.11454545454545458,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fc9a20000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37eb490800000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"1ed2fb8400000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3dfce84000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fd8c20040000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffea40040000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6e20200000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f78070000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fffe00000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3eeff88100000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffe14a001000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fff1a0000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fbfc5c000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3bfda07040000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"31e8c83000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fc7520400000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffe100880000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff48a1800000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fee001400000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffeb40000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fff940000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f9f1c0200000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226530.291312,"wall_seconds":700.8988640099469,"train_seconds":628.8778835365997}',584083,0);
INSERT INTO "jobs" VALUES(10,'ea31193ff1-1','ea31193ff1c51e77a1ebb27687c8e67976d461646870a39114d62f005d6d4056','pretrain','baseline','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 108,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,'r1','baseline',108,1,'conductor',NULL,1,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722582939244771006e+09,1.76722651758106684685e+09,'{"core_metric": 0.11757575757575758, "tokens_per_second": 1381047.579420725, "val_bpb": 0.9725881402963645}','{"job_id":"ea31193ff1-1","spec_hash":"ea31193ff1c51e77a1ebb27687c8e67976d461646870a39114d62f005d6d4056","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9725881402963645,"tokens_per_second":1381047.579420725,"core_metric":0.11757575757575758},"resolved":{},"core":{"core_metric":0.11757575757575758,"lower":0.09757575757575758,"upper":0.13757575757575757,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff3a0000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fadce2c80000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fef0e4000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ffd800000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f3bc0c000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f9fc40000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"37f3d10808000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3bfe8f0000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ff7fe4000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fdf908000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe4a92000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"37ecc02000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fece34000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fefcc6000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3d7ab40201000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff350800000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff6c90440000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ebb410000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3fdfcfb040000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3facb00000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fcab8e000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffd3c2080000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767225829.3924477,"finished_at":1767226517.5810668,"wall_seconds":688.1886191332612,"train_seconds":633.3811267870307}',573491,0);
INSERT INTO "jobs" VALUES(11,'2d7c8933bb-1','2d7c8933bbecc9a8de69c7a7f513ebed5b1c48d983ac2dd5f11a5944d91359e2','sft','early_sft','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "base": "ea31193ff1-1",
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "epochs": 1.0,
 "eval_every_steps": null,
 "kind": "sft",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "lr_scale": 0.8,
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.0,
  "warmdown_fraction": 0.5,
  "warmup_fraction": 0.0
 },
 "seed": 0,
 "sequence_len": null,
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
',NULL,NULL,NULL,0,1,'conductor',NULL,1,1.76722651758106684685e+09,1.76722651758106684685e+09,1.76722651758106684685e+09,1.76722722071452975275e+09,'{"core_metric": 0.1575757575757576, "tokens_per_second": 1379345.7889084143, "val_bpb": 1.002779336717025}','{"job_id":"2d7c8933bb-1","spec_hash":"2d7c8933bbecc9a8de69c7a7f513ebed5b1c48d983ac2dd5f11a5944d91359e2","kind":"sft","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.002779336717025,"tokens_per_second":1379345.7889084143,"core_metric":0.1575757575757576},"resolved":{},"core":{"core_metric":0.1575757575757576,"lower":0.1375757575757576,"upper":0.17757575757575758,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffe1b2000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fff817900000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3fffb282a0000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffdac2800000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffaca8010000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.48,"centered":0.30666666666666664,"right":"3ffff5c900000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff136000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fddc12240000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3f7fda4c00000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fefca2800000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fedb60200000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe68e4000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3dff708004000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3bfba40000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffbc80000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f686cc108000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fd4358000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ff718c410000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"35f7b29000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3bbe660440000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff309040000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fe79a1820000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226517.5810668,"finished_at":1767227220.71453,"wall_seconds":703.1334628276321,"train_seconds":634.1625711506632}',585945,0);
INSERT INTO "jobs" VALUES(12,'501b28dbca-1','501b28dbcadb5aa3eaaf36cc3f8383cc8ea827090c96165f46c8ad43ca1302f3','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 16.7,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.935,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 102,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h1','r1','treatment',102,1,'conductor',NULL,1,1.76722655131187558179e+09,1.76722655131187558179e+09,1.76722655131187558179e+09,1.76722723086371874805e+09,'{"core_metric": 0.14303030303030304, "tokens_per_second": 1398996.403674438, "val_bpb": 0.9760095216629305}','{"job_id":"501b28dbca-1","spec_hash":"501b28dbcadb5aa3eaaf36cc3f8383cc8ea827090c96165f46c8ad43ca1302f3","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9760095216629305,"tokens_per_second":1398996.403674438,"core_metric":0.14303030303030304},"resolved":{},"core":{"core_metric":0.14303030303030304,"lower":0.12303030303030303,"upper":0.16303030303030303,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3f7f7f0020000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"2fffa18004000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff6948000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff720000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"379fc87000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ebffa0000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fff786000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ff7ed0000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fef888280000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fbff00000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fef922000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2de7930010000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff926000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffd35c010000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffece0000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"2e7fb88400000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"1f3bb14020000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3dfd181400000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"36fc6f2100000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dbfa46000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffdde9000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffd720000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226551.3118756,"finished_at":1767227230.8637187,"wall_seconds":679.5518431221057,"train_seconds":625.2549825736073}',566294,0);
INSERT INTO "jobs" VALUES(13,'98b54b0fac-1','98b54b0fac61c45802c07ee3ac739c54a362c548ce865cf7a70be2bc4aac39f3','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.135,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.537
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.565,
  "warmup_fraction": 0.02
 },
 "seed": 103,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h2','r1','treatment',103,1,'conductor',NULL,1,1.76722655131187558179e+09,1.76722655131187558179e+09,1.76722655131187558179e+09,1.767227265243278265e+09,'{"core_metric": 0.029090909090909098, "tokens_per_second": 1351965.28213065, "val_bpb": 1.0989901899173764}','{"job_id":"98b54b0fac-1","spec_hash":"98b54b0fac61c45802c07ee3ac739c54a362c548ce865cf7a70be2bc4aac39f3","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.0989901899173764,"tokens_per_second":1351965.28213065,"core_metric":0.029090909090909098},"resolved":{},"core":{"core_metric":0.029090909090909098,"lower":0.009090909090909097,"upper":0.0490909090909091,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3fae020000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"38df700100000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fad884800000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"3ed0500000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff4e40000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fec410000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3c7e040000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f77f28000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3bf6a00140000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"0f6b020000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fd7c01000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3df6a00400000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ef6e04000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffcc48000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff4480010000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3fb0080400000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"1f33180000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3eca4a4000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"2ffd020200000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2f2cd54010000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3ff4100000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fc96b0800000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226551.3118756,"finished_at":1767227265.2432785,"wall_seconds":713.9314027987583,"train_seconds":647.0058688352241}',594943,0);
INSERT INTO "jobs" VALUES(14,'03d3e88efb-1','03d3e88efb31c168af464a54152c2ef97775c246774700cb378d3868cbbf19a9','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.252,
  "matrix_lr": 0.003,
  "matrix_optimizer": "adamw",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 104,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h3','r1','treatment',104,1,'conductor',NULL,1,1.76722655131187558179e+09,1.76722655131187558179e+09,1.76722655131187558179e+09,1.76722727706202340121e+09,'{"core_metric": 0.040000000000000015, "tokens_per_second": 1322237.0944566194, "val_bpb": 1.0996553949045125}','{"job_id":"03d3e88efb-1","spec_hash":"03d3e88efb31c168af464a54152c2ef97775c246774700cb378d3868cbbf19a9","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.0996553949045125,"tokens_per_second":1322237.0944566194,"core_metric":0.040000000000000015},"resolved":{},"core":{"core_metric":0.040000000000000015,"lower":0.020000000000000014,"upper":0.06000000000000001,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3e78a00000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fd1944000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3eedb40400000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ebaa01200000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f47212000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"2f79108180000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3bd9215000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"1ffaa00000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37ed220400400"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ef3500008000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3f14502000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fc3c40000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fa76c1000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fecb50000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2fdbb00040000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3cfc60c200000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"37a4b48400000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f7f942000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3cde800000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3ff8100000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fdc900400000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fdf908000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226551.3118756,"finished_at":1767227277.0620236,"wall_seconds":725.7501478208536,"train_seconds":661.5526637902069}',604792,0);
INSERT INTO "jobs" VALUES(15,'5c974abd33-1','5c974abd33ae95fbad3b863774efe1efd587adbb84d02fcb1b1511d90bac376e','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.78,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.768,
  "adam_beta2": 0.954,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 105,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h4','r1','treatment',105,1,'conductor',NULL,1,1.76722655181187558171e+09,1.76722655181187558171e+09,1.76722655181187558171e+09,1.76722726573914766306e+09,'{"core_metric": 0.12606060606060607, "tokens_per_second": 1373051.3348305384, "val_bpb": 0.9857712103010581}','{"job_id":"5c974abd33-1","spec_hash":"5c974abd33ae95fbad3b863774efe1efd587adbb84d02fcb1b1511d90bac376e","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9857712103010581,"tokens_per_second":1373051.3348305384,"core_metric":0.12606060606060607},"resolved":{},"core":{"core_metric":0.12606060606060607,"lower":0.10606060606060606,"upper":0.14606060606060606,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ecab80000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3df7e60040000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffe7b9000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbb7a0080000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffd198400000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffb2a0480000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fcf9a0000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3df9b04000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffdad0800000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ffbaea600000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fea568000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ee5896000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3fff772800000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"1ffeb4d000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ffa620000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fafee4020000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fcea04400000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fd2980000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37dc6c4000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3bf7da0000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fd2695001000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3efe070c00000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226551.8118756,"finished_at":1767227265.7391477,"wall_seconds":713.9272719755635,"train_seconds":637.0697510067669}',594940,0);
INSERT INTO "jobs" VALUES(16,'a43f688bb1-1','a43f688bb1227e2c7533e79fbb75334c8247d3896467266a29cf5603bc1a407c','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.0215,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.011,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 106,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h5','r1','treatment',106,1,'conductor',NULL,1,1.76722655181187558171e+09,1.76722655181187558171e+09,1.76722655181187558171e+09,1.76722725862441658976e+09,'{"core_metric": 0.10060606060606059, "tokens_per_second": 1352330.7893542072, "val_bpb": 0.9717380409541775}','{"job_id":"a43f688bb1-1","spec_hash":"a43f688bb1227e2c7533e79fbb75334c8247d3896467266a29cf5603bc1a407c","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9717380409541775,"tokens_per_second":1352330.7893542072,"core_metric":0.10060606060606059},"resolved":{},"core":{"core_metric":0.10060606060606059,"lower":0.08060606060606058,"upper":0.12060606060606059,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3eff280000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffd798000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff2d01020000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fd79b0120000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fc5c88320000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff5e80080000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff9632000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fef9e1004000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fbec82000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"2ef7ea1a00000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3dfe488080000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f5df88000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3be7780010000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3efa2a0000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3776a0a000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3fde000000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3eff610000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fd0d80000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ebb961000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3dff688100000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"1ffeb40000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe5940400000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226551.8118756,"finished_at":1767227258.6244168,"wall_seconds":706.8125411232883,"train_seconds":646.8309964440866}',589011,0);
INSERT INTO "jobs" VALUES(17,'54107ef6d1-1','54107ef6d181c0df8e9f0434f0d2da9da2f706ab67aa45fc0032510e13b2158b','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.822,
  "adam_beta2": 0.95,
  "embedding_lr": 0.257,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.296,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 107,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h6','r1','treatment',107,1,'conductor',NULL,1,1.76722655231187558179e+09,1.76722655231187558179e+09,1.76722655231187558179e+09,1.76722723173435115819e+09,'{"core_metric": 0.11393939393939392, "tokens_per_second": 1391589.5746870956, "val_bpb": 0.9858291806944288}','{"job_id":"54107ef6d1-1","spec_hash":"54107ef6d181c0df8e9f0434f0d2da9da2f706ab67aa45fc0032510e13b2158b","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9858291806944288,"tokens_per_second":1391589.5746870956,"core_metric":0.11393939393939392},"resolved":{},"core":{"core_metric":0.11393939393939392,"lower":0.09393939393939392,"upper":0.1339393939393939,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffb550000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fef922000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3e4e595400000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffb44c800000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fdc830a20000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff82a000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"1fd7c02400000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37ff120000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffc4a1000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffff29000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f6e030800000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fcb823800000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffaf20a00000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3dfae80000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3eef828000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3feec14800000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff42f8800000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffe9c8800000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3cf6c48000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fdf42a800000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ed5ec9800000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fed921000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226552.3118756,"finished_at":1767227231.7343512,"wall_seconds":679.4224755533886,"train_seconds":628.5829442180798}',566186,0);
INSERT INTO "jobs" VALUES(18,'1f48f7beb7-1','1f48f7beb72a4712d16eb24ad880c5047294c9286a8cd869436285beaba71624','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.89,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.178
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.538,
  "warmup_fraction": 0.02
 },
 "seed": 108,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h7','r1','treatment',108,1,'conductor',NULL,1,1.76722655281187558174e+09,1.76722655281187558174e+09,1.76722655281187558174e+09,1.7672272386839559078e+09,'{"core_metric": 0.12606060606060607, "tokens_per_second": 1390649.329438728, "val_bpb": 0.988040669138122}','{"job_id":"1f48f7beb7-1","spec_hash":"1f48f7beb72a4712d16eb24ad880c5047294c9286a8cd869436285beaba71624","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.988040669138122,"tokens_per_second":1390649.329438728,"core_metric":0.12606060606060607},"resolved":{},"core":{"core_metric":0.12606060606060607,"lower":0.10606060606060606,"upper":0.14606060606060606,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ffeee0460000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffe3c6240000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"2fff0ee080000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3edda88000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f79ac4000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffbb40c00000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3beec80920000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7710800000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3edbe10040000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fbed04010000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fbf2a0000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fecda3420000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3df324a100000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"2bfcdc8000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fff700000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff3201000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffe1c4302000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fb9c40160000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffb308100000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3eddad0000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fce608000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe7900200000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767226552.8118756,"finished_at":1767227238.683956,"wall_seconds":685.8720802879351,"train_seconds":629.0079414578545}',571561,0);
INSERT INTO "jobs" VALUES(19,'d23e423fef-1','d23e423fefceebd32c52fdc680a91bfaf35b33895b45b5d0ef4d739a74cbf148','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "L"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.003,
  "matrix_optimizer": "adamw",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 101,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h8','r1','treatment',101,1,'conductor',NULL,1,1767227221.21453,1767227221.21453,1767227221.21453,1.76722806253265166285e+09,'{"core_metric": 0.05333333333333335, "tokens_per_second": 1133117.9826713877, "val_bpb": 1.0720922840459108}','{"job_id":"d23e423fef-1","spec_hash":"d23e423fefceebd32c52fdc680a91bfaf35b33895b45b5d0ef4d739a74cbf148","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.0720922840459108,"tokens_per_second":1133117.9826713877,"core_metric":0.05333333333333335},"resolved":{},"core":{"core_metric":0.05333333333333335,"lower":0.033333333333333354,"upper":0.07333333333333335,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fb4560400000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fdc0f4400000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ffc804000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3de6ca6400000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"38f66e0400000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fcc600204000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3df6408800000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"2fff800000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3e9dd80001000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3dc9824800000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3dfba41000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3cf9350000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fc50c4200000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3cffc08000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f7d804000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3dc64f0000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3feb586040000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3d7d208000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ec7910000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3972302000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fdc020001000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fb91f0000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227221.21453,"finished_at":1767228062.532652,"wall_seconds":841.3181217679103,"train_seconds":771.9668078497681}',701099,0);
INSERT INTO "jobs" VALUES(20,'24738c206b-1','24738c206bad82247fb6aefb4edbdf6b8cf02981441e49565fc968f9c6fa18c5','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.946,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.914,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 102,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h9','r1','treatment',102,1,'conductor',NULL,1,1.76722723136371874814e+09,1.76722723136371874814e+09,1.76722723136371874814e+09,1.76722792602348613734e+09,'{"core_metric": 0.10545454545454545, "tokens_per_second": 1356984.5877612273, "val_bpb": 0.9949990257458439}','{"job_id":"24738c206b-1","spec_hash":"24738c206bad82247fb6aefb4edbdf6b8cf02981441e49565fc968f9c6fa18c5","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9949990257458439,"tokens_per_second":1356984.5877612273,"core_metric":0.10545454545454545},"resolved":{},"core":{"core_metric":0.10545454545454545,"lower":0.08545454545454545,"upper":0.12545454545454546,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffc540900000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff430800000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3ffbfe1880000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3b7b8e2100000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fb4c71000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f7c620900000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f750ca000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3c7dce0c00000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3efeb84000400"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3bf7a22000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fd3ce0800000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff8ee4000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f583a0200000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"39fb588100000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff7020000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"37dfa82010000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fbbdc0000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fea450000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffe094000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff4401280000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ffc184000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"37dce54000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227231.3637187,"finished_at":1767227926.0234864,"wall_seconds":694.6597674606601,"train_seconds":644.6126801212542}',578884,0);
INSERT INTO "jobs" VALUES(21,'b15f14e733-1','b15f14e733a97095fa4030cf518c8829dcf9db91c769a39b7846b3a6f1e4c161','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 7.92,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.0132,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 103,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h10','r1','treatment',103,1,'conductor',NULL,1,1.76722723236371874813e+09,1.76722723236371874813e+09,1.76722723236371874813e+09,1.76722794238069295883e+09,'{"core_metric": 0.10424242424242426, "tokens_per_second": 1380428.0665800408, "val_bpb": 0.9977452937865235}','{"job_id":"b15f14e733-1","spec_hash":"b15f14e733a97095fa4030cf518c8829dcf9db91c769a39b7846b3a6f1e4c161","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9977452937865235,"tokens_per_second":1380428.0665800408,"core_metric":0.10424242424242426},"resolved":{},"core":{"core_metric":0.10424242424242426,"lower":0.08424242424242426,"upper":0.12424242424242427,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"2f9ae40000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffb283080000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fdf208080000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ffc1a0000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ef4074100000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe9308100000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ee50c2000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6591000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dfbe11000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fffda8010000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffed40000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffdb00000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fcfa6a000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff9a24900000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff7908000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3ffffb8800000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ef6104000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fda82a000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3c7c920800000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"2fbfa30088000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3faf309400000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dfb90a040000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227232.3637187,"finished_at":1767227942.3806932,"wall_seconds":710.0169742040207,"train_seconds":633.6653775572021}',591681,0);
INSERT INTO "jobs" VALUES(22,'97c764c1c6-1','97c764c1c699b414aa957b19299041070b0a292d4049b5a85ae0c426f42212b5','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.0127,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.596,
  "warmup_fraction": 0.02
 },
 "seed": 104,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h11','r1','treatment',104,1,'conductor',NULL,1,1.7672272391839559078e+09,1.7672272391839559078e+09,1.7672272391839559078e+09,1767227942.83011,'{"core_metric": 0.13454545454545455, "tokens_per_second": 1361689.8828716346, "val_bpb": 0.9841915583679225}','{"job_id":"97c764c1c6-1","spec_hash":"97c764c1c699b414aa957b19299041070b0a292d4049b5a85ae0c426f42212b5","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9841915583679225,"tokens_per_second":1361689.8828716346,"core_metric":0.13454545454545455},"resolved":{},"core":{"core_metric":0.13454545454545455,"lower":0.11454545454545455,"upper":0.15454545454545454,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3eebc94404000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff9e04000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ae64a0200000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff430c00000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffbe0c000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fb7fe2400000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6550800000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fffed8000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fed480000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3feed90010000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3bff280000800"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffa920380000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2af5a68800000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff120880000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f75c84c00000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffe708000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fffcd0c00000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffe310080000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"2fffc1a400000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff8866000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff6a0000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff6c2000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227239.183956,"finished_at":1767227942.8301105,"wall_seconds":703.6461542759848,"train_seconds":642.3852324989772}',586372,0);
INSERT INTO "jobs" VALUES(23,'bb21046661-1','bb21046661afe7c62e15dfa1ecb93a9a32de81f3a0b960e983f289758d74e7a8','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.0215,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.011,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 107,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h5','r1','treatment',107,1,'conductor',NULL,1,1.7672272586244168282e+09,1.7672272586244168282e+09,1.7672272586244168282e+09,1.76722797524030756947e+09,'{"core_metric": 0.1321212121212121, "tokens_per_second": 1356857.8362850053, "val_bpb": 0.9722144779670947}','{"job_id":"bb21046661-1","spec_hash":"bb21046661afe7c62e15dfa1ecb93a9a32de81f3a0b960e983f289758d74e7a8","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9722144779670947,"tokens_per_second":1356857.8362850053,"core_metric":0.1321212121212121},"resolved":{},"core":{"core_metric":0.1321212121212121,"lower":0.11212121212121211,"upper":0.1521212121212121,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3f87840000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffdf05400000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffbf40000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ab5de1040000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff7d00000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3e7ebe8400000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3fffef3000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fe5fa2000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffe6b4800000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3dffbaa400000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fef5e0000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3d3f264800000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"2fdfcc0940000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbf581040000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"37fed60000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3dec520002000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fed851040000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3aeb20d000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffd402200000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f7e8b2040000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff72c8100000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3df7803000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227258.6244168,"finished_at":1767227975.2403078,"wall_seconds":716.6158907619144,"train_seconds":644.672896900501}',597180,0);
INSERT INTO "jobs" VALUES(24,'ba28b9f042-1','ba28b9f042f901d37fe402c1c8f5695943dadfef8561f28e5d2792e62eb1285e','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.135,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.537
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.565,
  "warmup_fraction": 0.02
 },
 "seed": 104,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h2','r1','treatment',104,1,'conductor',NULL,1,1.76722726524327850344e+09,1.76722726524327850344e+09,1.76722726524327850344e+09,1.76722796655633449555e+09,'{"core_metric": 0.07636363636363638, "tokens_per_second": 1352591.167800622, "val_bpb": 1.0987590869817185}','{"job_id":"ba28b9f042-1","spec_hash":"ba28b9f042f901d37fe402c1c8f5695943dadfef8561f28e5d2792e62eb1285e","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.0987590869817185,"tokens_per_second":1352591.167800622,"core_metric":0.07636363636363638},"resolved":{},"core":{"core_metric":0.07636363636363638,"lower":0.05636363636363638,"upper":0.09636363636363639,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fd7cc0024000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff5d20000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fe48d0000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffef04000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fffa00000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ffc240000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fa7958000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fa9898800000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff3803000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3fff7aac00000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"1fbf820000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fee401000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"1775210200000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"39f7441000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fcd4c0000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3b76d00020000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6b50000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"37fc520004000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f79990010000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"2ffd8d0000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3dff90c040000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"27e2800000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227265.2432785,"finished_at":1767227966.5563347,"wall_seconds":701.3130559793558,"train_seconds":646.7064792551854}',584428,0);
INSERT INTO "jobs" VALUES(25,'5dbe842745-1','5dbe842745ed16bf7fd794abd13ec149d9e56fdbfc6b911fd1dca56924cf1be2','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.858,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.42,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 105,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h12','r1','treatment',105,1,'conductor',NULL,1,1.76722726624327850343e+09,1.76722726624327850343e+09,1.76722726624327850343e+09,1.76722798721364307396e+09,'{"core_metric": 0.14181818181818184, "tokens_per_second": 1355425.4508892484, "val_bpb": 0.9678749392613072}','{"job_id":"5dbe842745-1","spec_hash":"5dbe842745ed16bf7fd794abd13ec149d9e56fdbfc6b911fd1dca56924cf1be2","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9678749392613072,"tokens_per_second":1355425.4508892484,"core_metric":0.14181818181818184},"resolved":{},"core":{"core_metric":0.14181818181818184,"lower":0.12181818181818184,"upper":0.16181818181818183,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fef384200000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fffb82000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff6f00000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fc7b40000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.46,"centered":0.28,"right":"3ffff31240000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3cfd5c1400000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f7e500840000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff6970000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffe562a00000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffe942000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"1ff27da040000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ffde6a802000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe9a82000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3efbcb0400000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3bfe5d0000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7e20000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffcd60000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff784c000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fffe18010000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f7bd00000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3befc82000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffbd63400000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227266.2432785,"finished_at":1767227987.213643,"wall_seconds":720.9703645270229,"train_seconds":645.3541737954823}',600809,0);
INSERT INTO "jobs" VALUES(26,'ef42ad364f-1','ef42ad364f88b29ad62213f0afd38195974ee48493144e3f68f63c0952304017','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.82,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.411,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.98,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 106,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h13','r1','treatment',106,1,'conductor',NULL,1,1.76722727756202363969e+09,1.76722727756202363969e+09,1.76722727756202363969e+09,1.76722797609826660155e+09,'{"core_metric": 0.11636363636363635, "tokens_per_second": 1376775.0858275478, "val_bpb": 0.9851933513204278}','{"job_id":"ef42ad364f-1","spec_hash":"ef42ad364f88b29ad62213f0afd38195974ee48493144e3f68f63c0952304017","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9851933513204278,"tokens_per_second":1376775.0858275478,"core_metric":0.11636363636363635},"resolved":{},"core":{"core_metric":0.11636363636363635,"lower":0.09636363636363635,"upper":0.13636363636363635,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fffc34000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"2a6da00010000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff1e90200000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f5bf90400000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff7800400000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffee44001000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fd895aa00000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"2ec77b9620000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff2b60400000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff1d5c000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff5680000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fbfd50280000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f95960400000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3dff4d0400000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fee700080000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fef0a0000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3bd6a88000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"1f7bcc2200000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffd441000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3f53ee4080080"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff8e61400000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff5624000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227277.5620236,"finished_at":1767227976.0982666,"wall_seconds":698.5362429566117,"train_seconds":635.3466742712156}',582114,0);
INSERT INTO "jobs" VALUES(27,'93520d982b-1','93520d982b3f5dc009ce11f0d675ac5cf4a7234a790c00702678d4131097f2ec','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.706,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.719,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 107,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h14','r1','treatment',107,1,'conductor',NULL,1,1.76722792652348637586e+09,1.76722792652348637586e+09,1.76722792652348637586e+09,1.76722863753849053383e+09,'{"core_metric": 0.09575757575757576, "tokens_per_second": 1367163.3408153893, "val_bpb": 0.9932765864767197}','{"job_id":"93520d982b-1","spec_hash":"93520d982b3f5dc009ce11f0d675ac5cf4a7234a790c00702678d4131097f2ec","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9932765864767197,"tokens_per_second":1367163.3408153893,"core_metric":0.09575757575757576},"resolved":{},"core":{"core_metric":0.09575757575757576,"lower":0.07575757575757576,"upper":0.11575757575757577,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffeb14000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3f61101000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fbbc51000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"1dfe940000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffd768100000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fff700040000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff6602000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3db3e48000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff5040500000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"39f6904000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffe4d6000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3e7ead6000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fffc00000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"37cb008000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffc7a2400000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3db7c50000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7f80000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fefa82040000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffc6440c0000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3b77260000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f4b189200000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffd3c0000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227926.5234864,"finished_at":1767228637.5384905,"wall_seconds":711.0150042185328,"train_seconds":639.8134340541219}',592513,0);
INSERT INTO "jobs" VALUES(28,'1d08e807f9-1','1d08e807f9b7bf6a77590616a265d1a35e04263cf19e8593756bc3294fec456a','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.0127,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.596,
  "warmup_fraction": 0.02
 },
 "seed": 105,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h11','r1','treatment',105,1,'conductor',NULL,1,1.76722794288069319727e+09,1.76722794288069319727e+09,1.76722794288069319727e+09,1.76722866783896660801e+09,'{"core_metric": 0.12121212121212123, "tokens_per_second": 1334748.1789826127, "val_bpb": 0.9843136597085874}','{"job_id":"1d08e807f9-1","spec_hash":"1d08e807f9b7bf6a77590616a265d1a35e04263cf19e8593756bc3294fec456a","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9843136597085874,"tokens_per_second":1334748.1789826127,"core_metric":0.12121212121212123},"resolved":{},"core":{"core_metric":0.12121212121212123,"lower":0.10121212121212123,"upper":0.14121212121212123,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f7d0b0800000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ff7b8cd00000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff9a40100000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff6920000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffffe0000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ffe92b800000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2faaf82000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f78926300000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fffca0810000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fad2ad008000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fa4904200000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fb3560040000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dfea26000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fffe40400000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ddfa80000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3fffd70300000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3c31e10c00000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffda40040000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"2fdc10c400000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffad40000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffbb00080000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fdb4a0400000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227942.8806932,"finished_at":1767228667.8389666,"wall_seconds":724.9582733472448,"train_seconds":655.3516878867342}',604132,0);
INSERT INTO "jobs" VALUES(29,'bef44a9de9-1','bef44a9de9de422067c7f799b5889ffeb69e79736222209bef86240f3f532490','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 53.5,
  "qk_scale": 1.2,
  "rope_base": 2750.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": false,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.901,
  "embedding_lr": 1.19,
  "matrix_lr": 0.00625,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.973,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.00273,
  "weight_decay": 0.119
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 108,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h15','r1','treatment',108,1,'conductor',NULL,1,1.76722794288069319727e+09,1.76722794288069319727e+09,1.76722794288069319727e+09,1.76722865852108454703e+09,'{"core_metric": -0.03393939393939394, "tokens_per_second": 1351437.6209699153, "val_bpb": 1.6097130866806093}','{"job_id":"bef44a9de9-1","spec_hash":"bef44a9de9de422067c7f799b5889ffeb69e79736222209bef86240f3f532490","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.6097130866806093,"tokens_per_second":1351437.6209699153,"core_metric":-0.03393939393939394},"resolved":{},"core":{"core_metric":-0.03393939393939394,"lower":-0.05393939393939394,"upper":-0.013939393939393942,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.16,"centered":-0.12,"right":"3c70800000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3ffa000000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"1f6ca20000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.16,"centered":-0.12,"right":"3c50120000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"35d7240000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3ff0880000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"17af700000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3e4a168000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3cdf000000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3f57080000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"2bfa480000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"1fa8804100000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"15ac8a2000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.14,"centered":-0.14666666666666664,"right":"3da0000000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3f91810000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"2c8e420000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3bd2400080000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fdaa90000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"3eb0040000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3d50508100000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff9480000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3dfe108000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227942.8806932,"finished_at":1767228658.5210845,"wall_seconds":715.6403913641007,"train_seconds":647.2584886102358}',596367,0);
INSERT INTO "jobs" VALUES(30,'0bd876d1cf-1','0bd876d1cfd9fe15ca584f86f4b9412c92e67b84f6e131c2080cf9c16994dddf','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "L"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.3,
  "matrix_lr": 0.003,
  "matrix_optimizer": "adamw",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 102,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h8','r1','treatment',102,1,'conductor',NULL,1,1.76722796705633473394e+09,1.76722796705633473394e+09,1.76722796705633473394e+09,1.76722877061711168287e+09,'{"core_metric": 0.07393939393939396, "tokens_per_second": 1154884.2545337554, "val_bpb": 1.072295583911058}','{"job_id":"0bd876d1cf-1","spec_hash":"0bd876d1cfd9fe15ca584f86f4b9412c92e67b84f6e131c2080cf9c16994dddf","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.072295583911058,"tokens_per_second":1154884.2545337554,"core_metric":0.07393939393939396},"resolved":{},"core":{"core_metric":0.07393939393939396,"lower":0.053939393939393954,"upper":0.09393939393939396,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3efde40000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3b76c50000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7650000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffeaf0000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"37e9104010000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff9080200000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fff400000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"37efd02000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff6440000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff5a00000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fef954000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3edbf74200000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3eeb204000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3bc8490000000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffe6a0080000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fba4c8020000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fbd834000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ff9080000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3bfc400000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3bfdad2200000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3dc9e84000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3bfd500000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227967.0563347,"finished_at":1767228770.6171117,"wall_seconds":803.5607768706659,"train_seconds":757.4174369128808}',669634,0);
INSERT INTO "jobs" VALUES(31,'25379f2b2f-1','25379f2b2fbfbcb7d2ec48197a4930d3030bb79534d4699701d0ee1421a81426','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.858,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.42,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 106,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h12','r1','treatment',106,1,'conductor',NULL,1,1.76722797549030780786e+09,1.76722797549030780786e+09,1.76722797549030780786e+09,1.76722868967990446092e+09,'{"core_metric": 0.1284848484848485, "tokens_per_second": 1364739.0970219101, "val_bpb": 0.967463277376422}','{"job_id":"25379f2b2f-1","spec_hash":"25379f2b2fbfbcb7d2ec48197a4930d3030bb79534d4699701d0ee1421a81426","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.967463277376422,"tokens_per_second":1364739.0970219101,"core_metric":0.1284848484848485},"resolved":{},"core":{"core_metric":0.1284848484848485,"lower":0.1084848484848485,"upper":0.1484848484848485,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffb470000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"2fe8d40040000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f77d06000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3ffeb92300000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ff778e044000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffed00004000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"35eea18002000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ff7fe5000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3df7360c00000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff9c8000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3efff41600000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fed020800000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe3d48000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3feda91080000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"2ffaf94100000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffec94002000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7c30000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe62a5000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"39b81c8000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fdc631400000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3f97a02000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff7a00800000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227975.4903078,"finished_at":1767228689.6799047,"wall_seconds":714.1895967458604,"train_seconds":640.9499617244106}',595158,0);
INSERT INTO "jobs" VALUES(32,'edbf9c9364-1','edbf9c93644853019668eb85b11d8effaaaadfde93425e53b4c69b09ac74f5b9','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.706,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.719,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 108,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h14','r1','treatment',108,1,'conductor',NULL,1,1.76722797634826660154e+09,1.76722797634826660154e+09,1.76722797634826660154e+09,1.76722865156881856919e+09,'{"core_metric": 0.09090909090909093, "tokens_per_second": 1387006.7263346605, "val_bpb": 0.9931527578827153}','{"job_id":"edbf9c9364-1","spec_hash":"edbf9c93644853019668eb85b11d8effaaaadfde93425e53b4c69b09ac74f5b9","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9931527578827153,"tokens_per_second":1387006.7263346605,"core_metric":0.09090909090909093},"resolved":{},"core":{"core_metric":0.09090909090909093,"lower":0.07090909090909092,"upper":0.11090909090909093,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"39ff762000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ffca80000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3bfff10880000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fff001000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f77e10000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"0ebf338000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ff5204000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"2ed9da8000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3fffe8c000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff3390000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff8140a0000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe7a20800000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff4f28000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3ff7000a00000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f8e840800000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ebb090040000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3dfea10000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3fba100800000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fbea60000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffd5c0000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3b6edd2000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fe7280000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227976.3482666,"finished_at":1767228651.5688186,"wall_seconds":675.2205520187349,"train_seconds":630.6598629925771}',562684,0);
INSERT INTO "jobs" VALUES(33,'9049dceef3-1','9049dceef3d70ecca04f4c1a2644a531d4f3aaaf55c8e5bfca65f930cc0beec5','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 53.5,
  "qk_scale": 1.2,
  "rope_base": 2750.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": false,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.901,
  "embedding_lr": 1.19,
  "matrix_lr": 0.00625,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.973,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.00273,
  "weight_decay": 0.119
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 101,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h15','r1','treatment',101,1,'conductor',NULL,1,1.76722798721364307396e+09,1.76722798721364307396e+09,1.76722798721364307396e+09,1.76722868183667564394e+09,'{"core_metric": -0.04242424242424243, "tokens_per_second": 1379225.7323083128, "val_bpb": 1.6097895244231175}','{"job_id":"9049dceef3-1","spec_hash":"9049dceef3d70ecca04f4c1a2644a531d4f3aaaf55c8e5bfca65f930cc0beec5","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":1.6097895244231175,"tokens_per_second":1379225.7323083128,"core_metric":-0.04242424242424243},"resolved":{},"core":{"core_metric":-0.04242424242424243,"lower":-0.062424242424242424,"upper":-0.022424242424242426,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3f9ae00000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"36d2050408000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.14,"centered":-0.14666666666666664,"right":"3d40200000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ddb804000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.2,"centered":-0.06666666666666665,"right":"372e800000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3fe1a00000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"3e46020000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"2fb6500400000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3d560d0000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3d09940400000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"178a900000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3cfe810000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"3f16000000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"36e3200084000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.12,"centered":-0.17333333333333334,"right":"3311000000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"0ee8110000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.22,"centered":-0.04,"right":"3b35480000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3b7c204000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f7ec40000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.18,"centered":-0.09333333333333334,"right":"3926820000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fda442400000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.16,"centered":-0.12,"right":"3e08800400000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767227987.213643,"finished_at":1767228681.836676,"wall_seconds":694.6230325532629,"train_seconds":634.2177727035494}',578853,0);
INSERT INTO "jobs" VALUES(34,'917578ca39-1','917578ca39e72be51ca20b9eee1bdf563c7d3a12ada3721ded1e194a93be7a1f','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 36.2,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.479,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 101,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h16','r1','treatment',101,1,'conductor',NULL,1,1.76722806253265190125e+09,1.76722806253265190125e+09,1.76722806253265190125e+09,1.76722878626772451405e+09,'{"core_metric": 0.10303030303030304, "tokens_per_second": 1351452.5875081427, "val_bpb": 0.9810527643395125}','{"job_id":"917578ca39-1","spec_hash":"917578ca39e72be51ca20b9eee1bdf563c7d3a12ada3721ded1e194a93be7a1f","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9810527643395125,"tokens_per_second":1351452.5875081427,"core_metric":0.10303030303030304},"resolved":{},"core":{"core_metric":0.10303030303030304,"lower":0.08303030303030304,"upper":0.12303030303030305,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fd3792002000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fff600000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3e7e4c2000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fcea0c040000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fad1a0000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3f6fe28000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffe7c0100000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7a58000000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff6d44800000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fecf00840000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7a52000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fe60c2000000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffa831000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3dec400210000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3d732c0840000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fd9ea8100000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffb518000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dff920200000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fda050800000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ffe0e2000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3feeb60000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fb2748004000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767228062.532652,"finished_at":1767228786.2677248,"wall_seconds":723.7350725441211,"train_seconds":647.2513206052296}',603113,0);
INSERT INTO "jobs" VALUES(35,'15045a97ba-1','15045a97ba07e7508ace041975c2db7c59a205b7d2fc28bfa710727c2b72b4ca','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 36.2,
  "qk_scale": 1.2,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.479,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 102,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h16','r1','treatment',102,1,'conductor',NULL,1,1.76722863753849053383e+09,1.76722863753849053383e+09,1.76722863753849053383e+09,1.76722934338284182543e+09,'{"core_metric": 0.11393939393939395, "tokens_per_second": 1391548.4918558712, "val_bpb": 0.9794140967347328}','{"job_id":"15045a97ba-1","spec_hash":"15045a97ba07e7508ace041975c2db7c59a205b7d2fc28bfa710727c2b72b4ca","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9794140967347328,"tokens_per_second":1391548.4918558712,"core_metric":0.11393939393939395},"resolved":{},"core":{"core_metric":0.11393939393939395,"lower":0.09393939393939395,"upper":0.13393939393939394,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.42,"centered":0.22666666666666666,"right":"3fef8fa040000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fe81f8000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"2ffe1a8000000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffca12000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffe1a8800000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe6948000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ffb241000000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ff7a88400000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3ff7918000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"39f0570400000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.44,"centered":0.25333333333333335,"right":"3ffffc2800000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fdeb50440000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3edb522000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"1ed4994240000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff5e08000000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3febf32000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fee480000000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3bfbe50008000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f9e741000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3df31d2000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3bfa023040000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fb7888c00000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767228637.5384905,"finished_at":1767229343.3828423,"wall_seconds":705.8443513377188,"train_seconds":628.6015019378855}',588204,0);
INSERT INTO "jobs" VALUES(36,'e9ddb9e604-1','e9ddb9e60495315c2f1282dc62d5a53010143942e454a91693fa15a69aeb931e','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.858,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.42,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 107,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h12','r1','treatment',107,1,'conductor',NULL,1,1.76722868992990469931e+09,1.76722868992990469931e+09,1.76722868992990469931e+09,1.76722938888278150552e+09,'{"core_metric": 0.1078787878787879, "tokens_per_second": 1386511.2847384918, "val_bpb": 0.9671962035730776}','{"job_id":"e9ddb9e604-1","spec_hash":"e9ddb9e60495315c2f1282dc62d5a53010143942e454a91693fa15a69aeb931e","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9671962035730776,"tokens_per_second":1386511.2847384918,"core_metric":0.1078787878787879},"resolved":{},"core":{"core_metric":0.1078787878787879,"lower":0.08787878787878789,"upper":0.1278787878787879,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffb8d8000000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff582040000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3e97340020000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fce133000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3efd700408000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fff020000000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fdf1c0880000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fee410080000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbcd58400000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fee6f0000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffe506100000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"37a8a90800000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.24,"centered":-0.013333333333333345,"right":"3f9b800000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3faf3a4080000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3bfcee1c00000"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fff580000000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3edaf50010000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fece08000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3ffa9c5800000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3dfa794000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3cfb362800000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.26,"centered":0.013333333333333345,"right":"3ffa200000000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767228689.9299047,"finished_at":1767229388.8827817,"wall_seconds":698.9528768515656,"train_seconds":630.8852164625416}',582461,0);
INSERT INTO "jobs" VALUES(37,'f4ea076cb0-1','f4ea076cb05155b96ef2feaa661bf65849a8e85e0050848bb1b0e185f18398ac','pretrain','hypothesis','succeeded',NULL,'simulated','{
 "activation_checkpointing": null,
 "checkpoint_every_steps": null,
 "compile": null,
 "core": {
  "data": null,
  "enabled": true,
  "max_per_task": 50
 },
 "data": "default",
 "device_batch_size": null,
 "dtype": "auto",
 "eval_every_steps": null,
 "kind": "pretrain",
 "limits": {
  "gpus": 1,
  "max_seconds": 1560.0
 },
 "model": {
  "backout": null,
  "bigram_tables": 0,
  "block": "gpt",
  "depth": 8,
  "head_dim": null,
  "kv_heads": null,
  "logit_softcap": 15.0,
  "qk_scale": 0.858,
  "rope_base": 100000.0,
  "sequence_len": 2048,
  "smear": null,
  "value_embeddings": true,
  "width": null,
  "window_fraction": 0.25,
  "window_pattern": "SSSL"
 },
 "optim": {
  "adam_beta1": 0.8,
  "adam_beta2": 0.95,
  "embedding_lr": 0.42,
  "matrix_lr": 0.02,
  "matrix_optimizer": "muon",
  "muon_momentum": 0.95,
  "scalar_lr": 0.5,
  "table_weight_decay": 0.05,
  "unembedding_lr": 0.008,
  "weight_decay": 0.28
 },
 "profile": false,
 "schedule": {
  "final_lr_fraction": 0.05,
  "warmdown_fraction": 0.65,
  "warmup_fraction": 0.02
 },
 "seed": 108,
 "tokenizer": "162a92bba5-1",
 "total_batch_size": null,
 "train_seconds": null,
 "train_tokens": 874729472,
 "val_tokens": 1048576
}
','h12','r1','treatment',108,1,'conductor',NULL,1,1.76722868992990469931e+09,1.76722868992990469931e+09,1.76722868992990469931e+09,1.76722938546923780435e+09,'{"core_metric": 0.11515151515151513, "tokens_per_second": 1384501.2708271423, "val_bpb": 0.9670453075619071}','{"job_id":"f4ea076cb0-1","spec_hash":"f4ea076cb05155b96ef2feaa661bf65849a8e85e0050848bb1b0e185f18398ac","kind":"pretrain","state":"succeeded","reason":null,"message":"simulated","traceback":null,"metrics":{"val_bpb":0.9670453075619071,"tokens_per_second":1384501.2708271423,"core_metric":0.11515151515151513},"resolved":{},"core":{"core_metric":0.11515151515151513,"lower":0.09515151515151513,"upper":0.13515151515151513,"tasks":[{"label":"simulated_0","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3fbfe10400000"},{"label":"simulated_1","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3eff8d2000000"},{"label":"simulated_2","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3fe6a80004000"},{"label":"simulated_3","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3ef7802000000"},{"label":"simulated_4","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fe923d000000"},{"label":"simulated_5","shape":"multiple_choice","items":50,"accuracy":0.3,"centered":0.06666666666666665,"right":"3f73680400000"},{"label":"simulated_6","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3ffd930008000"},{"label":"simulated_7","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"2ff3968200000"},{"label":"simulated_8","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fff141000000"},{"label":"simulated_9","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fe4588000000"},{"label":"simulated_10","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"3fff7c0000000"},{"label":"simulated_11","shape":"multiple_choice","items":50,"accuracy":0.38,"centered":0.17333333333333334,"right":"2ff7a64600000"},{"label":"simulated_12","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3f9fc28000000"},{"label":"simulated_13","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f8e4b42c0000"},{"label":"simulated_14","shape":"multiple_choice","items":50,"accuracy":0.4,"centered":0.20000000000000004,"right":"3ff7671000040"},{"label":"simulated_15","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff2f00800000"},{"label":"simulated_16","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3ff6300410000"},{"label":"simulated_17","shape":"multiple_choice","items":50,"accuracy":0.28,"centered":0.040000000000000036,"right":"3fe3c20000000"},{"label":"simulated_18","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3eefbc2000000"},{"label":"simulated_19","shape":"multiple_choice","items":50,"accuracy":0.34,"centered":0.12000000000000004,"right":"3fdf125000000"},{"label":"simulated_20","shape":"multiple_choice","items":50,"accuracy":0.36,"centered":0.14666666666666664,"right":"3f7f5c4000000"},{"label":"simulated_21","shape":"multiple_choice","items":50,"accuracy":0.32,"centered":0.09333333333333334,"right":"3fbfa00800000"}]},"provenance":{"git_revision":null,"code_hash":"simulated","data_hash":"simulated","tokenizer_hash":"simulated","torch_version":"none","python_version":"none","device":"simulated NVIDIA H100 80GB HBM3","world_size":1},"resumed_from":null,"started_at":1767228689.9299047,"finished_at":1767229385.4692378,"wall_seconds":695.5393329996555,"train_seconds":631.8011333260897}',579617,0);
CREATE TABLE ledger (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('budget', 'reserve', 'release', 'settle', 'idle', 'llm')),
    job_id TEXT, purpose TEXT NOT NULL, spent_micro_usd INTEGER NOT NULL CHECK (spent_micro_usd >= 0),
    reserved_micro_usd INTEGER NOT NULL, budget_micro_usd INTEGER NOT NULL CHECK (budget_micro_usd >= 0),
    note TEXT NOT NULL);
INSERT INTO "ledger" VALUES(1,1767225600.0,'budget',NULL,'budget',0,0,96000000,'session 1');
INSERT INTO "ledger" VALUES(2,1767225600.0,'reserve','node-1','node',0,146667,0,'');
INSERT INTO "ledger" VALUES(3,1767225600.0,'reserve','162a92bba5-1','tokenizer',0,1116667,0,'');
INSERT INTO "ledger" VALUES(4,1767225600.0,'reserve','node-1','node',0,7750000,0,'');
INSERT INTO "ledger" VALUES(5,1.76722573483099842069e+09,'settle','162a92bba5-1','tokenizer',112360,-1116667,0,'');
INSERT INTO "ledger" VALUES(6,1.76722573483099842069e+09,'release','node-1','release',0,-6963487,0,'');
INSERT INTO "ledger" VALUES(7,1.76722573483099842069e+09,'release','node-1','release',0,-786514,0,'at the end of 162a92bba5-1');
INSERT INTO "ledger" VALUES(8,1.76722573483099842069e+09,'idle',NULL,'idle',786514,0,0,'at the end of 162a92bba5-1');
INSERT INTO "ledger" VALUES(9,1.76722573483099842069e+09,'reserve','724a7bd082-1','calibrate',0,1266667,0,'');
INSERT INTO "ledger" VALUES(10,1.76722573483099842069e+09,'reserve','node-1','node',0,8800000,0,'');
INSERT INTO "ledger" VALUES(11,1.76722582889244771001e+09,'settle','724a7bd082-1','calibrate',78385,-1266667,0,'');
INSERT INTO "ledger" VALUES(12,1.76722582889244771001e+09,'release','node-1','release',0,-8251308,0,'');
INSERT INTO "ledger" VALUES(13,1.76722582889244771001e+09,'release','node-1','release',0,-548691,0,'at the end of 724a7bd082-1');
INSERT INTO "ledger" VALUES(14,1.76722582889244771001e+09,'idle',NULL,'idle',548691,0,0,'at the end of 724a7bd082-1');
INSERT INTO "ledger" VALUES(15,1.76722582889244771001e+09,'reserve','end-1','end',0,25920000,0,'');
INSERT INTO "ledger" VALUES(16,1.76722582914244771001e+09,'release','node-1','release',0,-78334,0,'');
INSERT INTO "ledger" VALUES(17,1.76722582939244771006e+09,'reserve','10bf3b058d-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(18,1.76722582939244771006e+09,'reserve','node-1','node',0,9151667,0,'');
INSERT INTO "ledger" VALUES(19,1.76722582939244771006e+09,'reserve','6c7b3b8099-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(20,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(21,1.76722582939244771006e+09,'reserve','f458c45153-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(22,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(23,1.76722582939244771006e+09,'reserve','72d3a6c990-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(24,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(25,1.76722582939244771006e+09,'reserve','cbe73b2635-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(26,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(27,1.76722582939244771006e+09,'reserve','7d539ad422-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(28,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(29,1.76722582939244771006e+09,'reserve','92c8f07028-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(30,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(31,1.76722582939244771006e+09,'reserve','ea31193ff1-1','baseline',0,1316667,0,'');
INSERT INTO "ledger" VALUES(32,1.76722582939244771006e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(33,1.76722651758106684685e+09,'settle','ea31193ff1-1','baseline',573491,-1316667,0,'');
INSERT INTO "ledger" VALUES(34,1.76722651758106684685e+09,'reserve','node-1','node',0,809842,0,'');
INSERT INTO "ledger" VALUES(35,1.76722651758106684685e+09,'release','node-1','release',0,-3330,0,'at the end of ea31193ff1-1');
INSERT INTO "ledger" VALUES(36,1.76722651758106684685e+09,'idle',NULL,'idle',3330,0,0,'at the end of ea31193ff1-1');
INSERT INTO "ledger" VALUES(37,1.76722651758106684685e+09,'reserve','2d7c8933bb-1','early_sft',0,1316667,0,'');
INSERT INTO "ledger" VALUES(38,1.76722651758106684685e+09,'reserve','node-1','node',0,3204591,0,'');
INSERT INTO "ledger" VALUES(39,1.76722652028527593614e+09,'settle','cbe73b2635-1','baseline',575745,-1316667,0,'');
INSERT INTO "ledger" VALUES(40,1.76722652028527593614e+09,'reserve','node-1','node',0,807589,0,'');
INSERT INTO "ledger" VALUES(41,1.76722652129000830649e+09,'settle','72d3a6c990-1','baseline',576582,-1316667,0,'');
INSERT INTO "ledger" VALUES(42,1.76722652129000830649e+09,'reserve','node-1','node',0,740085,0,'');
INSERT INTO "ledger" VALUES(43,1.76722652129000830649e+09,'release','node-1','release',0,-835,0,'at the end of 72d3a6c990-1');
INSERT INTO "ledger" VALUES(44,1.76722652129000830649e+09,'idle',NULL,'idle',835,0,0,'at the end of 72d3a6c990-1');
INSERT INTO "ledger" VALUES(45,1.76722652638975334174e+09,'settle','f458c45153-1','baseline',580832,-1316667,0,'');
INSERT INTO "ledger" VALUES(46,1.76722652638975334174e+09,'reserve','node-1','node',0,735835,0,'');
INSERT INTO "ledger" VALUES(47,1.76722652638975334174e+09,'release','node-1','release',0,-8498,0,'at the end of f458c45153-1');
INSERT INTO "ledger" VALUES(48,1.76722652638975334174e+09,'idle',NULL,'idle',8498,0,0,'at the end of f458c45153-1');
INSERT INTO "ledger" VALUES(49,1.76722652783192443843e+09,'settle','6c7b3b8099-1','baseline',582033,-1316667,0,'');
INSERT INTO "ledger" VALUES(50,1.76722652783192443843e+09,'reserve','node-1','node',0,734634,0,'');
INSERT INTO "ledger" VALUES(51,1.76722652783192443843e+09,'release','node-1','release',0,-3609,0,'at the end of 6c7b3b8099-1');
INSERT INTO "ledger" VALUES(52,1.76722652783192443843e+09,'idle',NULL,'idle',3609,0,0,'at the end of 6c7b3b8099-1');
INSERT INTO "ledger" VALUES(53,1.7672265282283983231e+09,'settle','10bf3b058d-1','baseline',582364,-1316667,0,'');
INSERT INTO "ledger" VALUES(54,1.7672265282283983231e+09,'reserve','node-1','node',0,734303,0,'');
INSERT INTO "ledger" VALUES(55,1.7672265282283983231e+09,'release','node-1','release',0,-1320,0,'at the end of 10bf3b058d-1');
INSERT INTO "ledger" VALUES(56,1.7672265282283983231e+09,'idle',NULL,'idle',1320,0,0,'at the end of 10bf3b058d-1');
INSERT INTO "ledger" VALUES(57,1.76722653029131197928e+09,'settle','92c8f07028-1','baseline',584083,-1316667,0,'');
INSERT INTO "ledger" VALUES(58,1.76722653029131197928e+09,'reserve','node-1','node',0,732584,0,'');
INSERT INTO "ledger" VALUES(59,1.76722653029131197928e+09,'release','node-1','release',0,-8596,0,'at the end of 92c8f07028-1');
INSERT INTO "ledger" VALUES(60,1.76722653029131197928e+09,'idle',NULL,'idle',8596,0,0,'at the end of 92c8f07028-1');
INSERT INTO "ledger" VALUES(61,1.76722655106187558167e+09,'settle','7d539ad422-1','baseline',601392,-1316667,0,'');
INSERT INTO "ledger" VALUES(62,1.76722655106187558167e+09,'reserve','node-1','node',0,715275,0,'');
INSERT INTO "ledger" VALUES(63,1.76722655106187558167e+09,'release','node-1','release',0,-103852,0,'at the end of 7d539ad422-1');
INSERT INTO "ledger" VALUES(64,1.76722655106187558167e+09,'idle',NULL,'idle',103852,0,0,'at the end of 7d539ad422-1');
INSERT INTO "ledger" VALUES(65,1.76722655131187558179e+09,'reserve','501b28dbca-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(66,1.76722655131187558179e+09,'release','node-1','release',0,-1158462,0,'');
INSERT INTO "ledger" VALUES(67,1.76722655131187558179e+09,'reserve','98b54b0fac-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(68,1.76722655131187558179e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(69,1.76722655131187558179e+09,'reserve','03d3e88efb-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(70,1.76722655131187558179e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(71,1.76722655181187558171e+09,'reserve','5c974abd33-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(72,1.76722655181187558171e+09,'release','node-1','release',0,-1313334,0,'');
INSERT INTO "ledger" VALUES(73,1.76722655181187558171e+09,'reserve','a43f688bb1-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(74,1.76722655181187558171e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(75,1.76722655231187558179e+09,'reserve','54107ef6d1-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(76,1.76722655231187558179e+09,'release','node-1','release',0,-1313333,0,'');
INSERT INTO "ledger" VALUES(77,1.76722655281187558174e+09,'reserve','1f48f7beb7-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(78,1.76722655281187558174e+09,'release','node-1','release',0,-1313334,0,'');
INSERT INTO "ledger" VALUES(79,1767227220.71453,'settle','2d7c8933bb-1','early_sft',585945,-1316667,0,'');
INSERT INTO "ledger" VALUES(80,1767227220.71453,'reserve','node-1','node',0,797389,0,'');
INSERT INTO "ledger" VALUES(81,1767227220.71453,'release','node-1','release',0,-4372,0,'at the end of 2d7c8933bb-1');
INSERT INTO "ledger" VALUES(82,1767227220.71453,'idle',NULL,'idle',4372,0,0,'at the end of 2d7c8933bb-1');
INSERT INTO "ledger" VALUES(83,1767227221.21453,'reserve','d23e423fef-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(84,1767227221.21453,'reserve','node-1','node',0,3072684,0,'');
INSERT INTO "ledger" VALUES(85,1.76722723086371874805e+09,'settle','501b28dbca-1','hypothesis',566294,-1316667,0,'');
INSERT INTO "ledger" VALUES(86,1.76722723086371874805e+09,'reserve','node-1','node',0,817039,0,'');
INSERT INTO "ledger" VALUES(87,1.76722723086371874805e+09,'release','node-1','release',0,-415,0,'at the end of 501b28dbca-1');
INSERT INTO "ledger" VALUES(88,1.76722723086371874805e+09,'idle',NULL,'idle',415,0,0,'at the end of 501b28dbca-1');
INSERT INTO "ledger" VALUES(89,1.76722723136371874814e+09,'reserve','24738c206b-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(90,1.76722723136371874814e+09,'release','node-1','release',0,-1315672,0,'');
INSERT INTO "ledger" VALUES(91,1.76722723186371874805e+09,'settle','54107ef6d1-1','hypothesis',566186,-1316667,0,'');
INSERT INTO "ledger" VALUES(92,1.76722723186371874805e+09,'reserve','node-1','node',0,817148,0,'');
INSERT INTO "ledger" VALUES(93,1.76722723186371874805e+09,'release','node-1','release',0,-525,0,'at the end of 54107ef6d1-1');
INSERT INTO "ledger" VALUES(94,1.76722723186371874805e+09,'idle',NULL,'idle',525,0,0,'at the end of 54107ef6d1-1');
INSERT INTO "ledger" VALUES(95,1.76722723236371874813e+09,'reserve','b15f14e733-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(96,1.76722723236371874813e+09,'release','node-1','release',0,-1376667,0,'');
INSERT INTO "ledger" VALUES(97,1.7672272386839559078e+09,'settle','1f48f7beb7-1','hypothesis',571561,-1316667,0,'');
INSERT INTO "ledger" VALUES(98,1.7672272386839559078e+09,'reserve','node-1','node',0,811772,0,'');
INSERT INTO "ledger" VALUES(99,1.7672272386839559078e+09,'release','node-1','release',0,-414,0,'at the end of 1f48f7beb7-1');
INSERT INTO "ledger" VALUES(100,1.7672272386839559078e+09,'idle',NULL,'idle',414,0,0,'at the end of 1f48f7beb7-1');
INSERT INTO "ledger" VALUES(101,1.7672272391839559078e+09,'reserve','97c764c1c6-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(102,1.7672272391839559078e+09,'release','node-1','release',0,-1337865,0,'');
INSERT INTO "ledger" VALUES(103,1.7672272586244168282e+09,'settle','a43f688bb1-1','hypothesis',589011,-1316667,0,'');
INSERT INTO "ledger" VALUES(104,1.7672272586244168282e+09,'reserve','node-1','node',0,794323,0,'');
INSERT INTO "ledger" VALUES(105,1.7672272586244168282e+09,'release','node-1','release',0,-417,0,'at the end of a43f688bb1-1');
INSERT INTO "ledger" VALUES(106,1.7672272586244168282e+09,'idle',NULL,'idle',417,0,0,'at the end of a43f688bb1-1');
INSERT INTO "ledger" VALUES(107,1.7672272586244168282e+09,'reserve','bb21046661-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(108,1.7672272586244168282e+09,'release','node-1','release',0,-1253731,0,'');
INSERT INTO "ledger" VALUES(109,1.76722726524327850344e+09,'settle','98b54b0fac-1','hypothesis',594943,-1316667,0,'');
INSERT INTO "ledger" VALUES(110,1.76722726524327850344e+09,'reserve','node-1','node',0,788391,0,'');
INSERT INTO "ledger" VALUES(111,1.76722726524327850344e+09,'reserve','ba28b9f042-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(112,1.76722726524327850344e+09,'release','node-1','release',0,-1339208,0,'');
INSERT INTO "ledger" VALUES(113,1.76722726574327850335e+09,'settle','5c974abd33-1','hypothesis',594940,-1316667,0,'');
INSERT INTO "ledger" VALUES(114,1.76722726574327850335e+09,'reserve','node-1','node',0,788393,0,'');
INSERT INTO "ledger" VALUES(115,1.76722726574327850335e+09,'release','node-1','release',0,-3,0,'at the end of 5c974abd33-1');
INSERT INTO "ledger" VALUES(116,1.76722726574327850335e+09,'idle',NULL,'idle',3,0,0,'at the end of 5c974abd33-1');
INSERT INTO "ledger" VALUES(117,1.76722726624327850343e+09,'reserve','5dbe842745-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(118,1.76722726624327850343e+09,'release','node-1','release',0,-1376667,0,'');
INSERT INTO "ledger" VALUES(119,1.76722727706202363965e+09,'settle','03d3e88efb-1','hypothesis',604792,-1316667,0,'');
INSERT INTO "ledger" VALUES(120,1.76722727706202363965e+09,'reserve','node-1','node',0,778542,0,'');
INSERT INTO "ledger" VALUES(121,1.76722727706202363965e+09,'release','node-1','release',0,-417,0,'at the end of 03d3e88efb-1');
INSERT INTO "ledger" VALUES(122,1.76722727706202363965e+09,'idle',NULL,'idle',417,0,0,'at the end of 03d3e88efb-1');
INSERT INTO "ledger" VALUES(123,1.76722727756202363969e+09,'reserve','ef42ad364f-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(124,1.76722727756202363969e+09,'release','node-1','release',0,-1307875,0,'');
INSERT INTO "ledger" VALUES(125,1.76722792602348637578e+09,'settle','24738c206b-1','hypothesis',578884,-1316667,0,'');
INSERT INTO "ledger" VALUES(126,1.76722792602348637578e+09,'reserve','node-1','node',0,804449,0,'');
INSERT INTO "ledger" VALUES(127,1.76722792602348637578e+09,'release','node-1','release',0,-416,0,'at the end of 24738c206b-1');
INSERT INTO "ledger" VALUES(128,1.76722792602348637578e+09,'idle',NULL,'idle',416,0,0,'at the end of 24738c206b-1');
INSERT INTO "ledger" VALUES(129,1.76722792652348637586e+09,'reserve','93520d982b-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(130,1.76722792652348637586e+09,'reserve','node-1','node',0,2943076,0,'');
INSERT INTO "ledger" VALUES(131,1.76722794238069319723e+09,'settle','b15f14e733-1','hypothesis',591681,-1316667,0,'');
INSERT INTO "ledger" VALUES(132,1.76722794238069319723e+09,'reserve','node-1','node',0,791653,0,'');
INSERT INTO "ledger" VALUES(133,1.76722794238069319723e+09,'release','node-1','release',0,-416,0,'at the end of b15f14e733-1');
INSERT INTO "ledger" VALUES(134,1.76722794238069319723e+09,'idle',NULL,'idle',416,0,0,'at the end of b15f14e733-1');
INSERT INTO "ledger" VALUES(135,1.76722794288069319727e+09,'settle','97c764c1c6-1','hypothesis',586372,-1316667,0,'');
INSERT INTO "ledger" VALUES(136,1.76722794288069319727e+09,'reserve','node-1','node',0,730295,0,'');
INSERT INTO "ledger" VALUES(137,1.76722794288069319727e+09,'release','node-1','release',0,-458,0,'at the end of 97c764c1c6-1');
INSERT INTO "ledger" VALUES(138,1.76722794288069319727e+09,'idle',NULL,'idle',458,0,0,'at the end of 97c764c1c6-1');
INSERT INTO "ledger" VALUES(139,1.76722794288069319727e+09,'reserve','1d08e807f9-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(140,1.76722794288069319727e+09,'release','node-1','release',0,-1274286,0,'');
INSERT INTO "ledger" VALUES(141,1.76722794288069319727e+09,'reserve','bef44a9de9-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(142,1.76722794288069319727e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(143,1.76722796655633473394e+09,'settle','ba28b9f042-1','hypothesis',584428,-1316667,0,'');
INSERT INTO "ledger" VALUES(144,1.76722796655633473394e+09,'reserve','node-1','node',0,798906,0,'');
INSERT INTO "ledger" VALUES(145,1.76722796705633473394e+09,'reserve','0bd876d1cf-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(146,1.76722796705633473394e+09,'release','node-1','release',0,-1222163,0,'');
INSERT INTO "ledger" VALUES(147,1.76722797524030780791e+09,'settle','bb21046661-1','hypothesis',597180,-1316667,0,'');
INSERT INTO "ledger" VALUES(148,1.76722797524030780791e+09,'reserve','node-1','node',0,786154,0,'');
INSERT INTO "ledger" VALUES(149,1.76722797524030780791e+09,'release','node-1','release',0,-417,0,'at the end of bb21046661-1');
INSERT INTO "ledger" VALUES(150,1.76722797524030780791e+09,'idle',NULL,'idle',417,0,0,'at the end of bb21046661-1');
INSERT INTO "ledger" VALUES(151,1.76722797549030780786e+09,'reserve','25379f2b2f-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(152,1.76722797549030780786e+09,'release','node-1','release',0,-1327107,0,'');
INSERT INTO "ledger" VALUES(153,1.76722797609826660155e+09,'settle','ef42ad364f-1','hypothesis',582114,-1316667,0,'');
INSERT INTO "ledger" VALUES(154,1.76722797609826660155e+09,'reserve','node-1','node',0,801220,0,'');
INSERT INTO "ledger" VALUES(155,1.76722797609826660155e+09,'release','node-1','release',0,-208,0,'at the end of ef42ad364f-1');
INSERT INTO "ledger" VALUES(156,1.76722797609826660155e+09,'idle',NULL,'idle',208,0,0,'at the end of ef42ad364f-1');
INSERT INTO "ledger" VALUES(157,1.76722797634826660154e+09,'reserve','edbf9c9364-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(158,1.76722797634826660154e+09,'release','node-1','release',0,-1377614,0,'');
INSERT INTO "ledger" VALUES(159,1.76722798721364307396e+09,'settle','5dbe842745-1','hypothesis',600809,-1316667,0,'');
INSERT INTO "ledger" VALUES(160,1.76722798721364307396e+09,'reserve','node-1','node',0,782524,0,'');
INSERT INTO "ledger" VALUES(161,1.76722798721364307396e+09,'release','node-1','release',0,-206,0,'at the end of 5dbe842745-1');
INSERT INTO "ledger" VALUES(162,1.76722798721364307396e+09,'idle',NULL,'idle',206,0,0,'at the end of 5dbe842745-1');
INSERT INTO "ledger" VALUES(163,1.76722798721364307396e+09,'reserve','9049dceef3-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(164,1.76722798721364307396e+09,'release','node-1','release',0,-1310898,0,'');
INSERT INTO "ledger" VALUES(165,1.76722806253265190125e+09,'settle','d23e423fef-1','hypothesis',701099,-1316667,0,'');
INSERT INTO "ledger" VALUES(166,1.76722806253265190125e+09,'reserve','node-1','node',0,682235,0,'');
INSERT INTO "ledger" VALUES(167,1.76722806253265190125e+09,'release','node-1','release',0,-2,0,'at the end of d23e423fef-1');
INSERT INTO "ledger" VALUES(168,1.76722806253265190125e+09,'idle',NULL,'idle',2,0,0,'at the end of d23e423fef-1');
INSERT INTO "ledger" VALUES(169,1.76722806253265190125e+09,'reserve','917578ca39-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(170,1.76722806253265190125e+09,'release','node-1','release',0,-881207,0,'');
INSERT INTO "ledger" VALUES(171,1.76722863753849053383e+09,'settle','93520d982b-1','hypothesis',592513,-1316667,0,'');
INSERT INTO "ledger" VALUES(172,1.76722863753849053383e+09,'reserve','node-1','node',0,790821,0,'');
INSERT INTO "ledger" VALUES(173,1.76722863753849053383e+09,'reserve','15045a97ba-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(174,1.76722863753849053383e+09,'reserve','node-1','node',0,2450038,0,'');
INSERT INTO "ledger" VALUES(175,1.76722865156881856919e+09,'settle','edbf9c9364-1','hypothesis',562684,-1316667,0,'');
INSERT INTO "ledger" VALUES(176,1.76722865156881856919e+09,'reserve','node-1','node',0,820650,0,'');
INSERT INTO "ledger" VALUES(177,1.76722865852108454703e+09,'settle','bef44a9de9-1','hypothesis',596367,-1316667,0,'');
INSERT INTO "ledger" VALUES(178,1.76722865852108454703e+09,'reserve','node-1','node',0,720300,0,'');
INSERT INTO "ledger" VALUES(179,1.76722865852108454703e+09,'release','node-1','release',0,-5792,0,'at the end of bef44a9de9-1');
INSERT INTO "ledger" VALUES(180,1.76722865852108454703e+09,'idle',NULL,'idle',5792,0,0,'at the end of bef44a9de9-1');
INSERT INTO "ledger" VALUES(181,1.76722866783896660801e+09,'settle','1d08e807f9-1','hypothesis',604132,-1316667,0,'');
INSERT INTO "ledger" VALUES(182,1.76722866783896660801e+09,'reserve','node-1','node',0,712535,0,'');
INSERT INTO "ledger" VALUES(183,1.76722866783896660801e+09,'release','node-1','release',0,-15530,0,'at the end of 1d08e807f9-1');
INSERT INTO "ledger" VALUES(184,1.76722866783896660801e+09,'idle',NULL,'idle',15530,0,0,'at the end of 1d08e807f9-1');
INSERT INTO "ledger" VALUES(185,1.76722868183667588233e+09,'settle','9049dceef3-1','hypothesis',578853,-1316667,0,'');
INSERT INTO "ledger" VALUES(186,1.76722868183667588233e+09,'reserve','node-1','node',0,737814,0,'');
INSERT INTO "ledger" VALUES(187,1.76722868183667588233e+09,'release','node-1','release',0,-34994,0,'at the end of 9049dceef3-1');
INSERT INTO "ledger" VALUES(188,1.76722868183667588233e+09,'idle',NULL,'idle',34994,0,0,'at the end of 9049dceef3-1');
INSERT INTO "ledger" VALUES(189,1.76722868967990469932e+09,'settle','25379f2b2f-1','hypothesis',595158,-1316667,0,'');
INSERT INTO "ledger" VALUES(190,1.76722868967990469932e+09,'reserve','node-1','node',0,721509,0,'');
INSERT INTO "ledger" VALUES(191,1.76722868967990469932e+09,'release','node-1','release',0,-26145,0,'at the end of 25379f2b2f-1');
INSERT INTO "ledger" VALUES(192,1.76722868967990469932e+09,'idle',NULL,'idle',26145,0,0,'at the end of 25379f2b2f-1');
INSERT INTO "ledger" VALUES(193,1.76722868992990469931e+09,'reserve','e9ddb9e604-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(194,1.76722868992990469931e+09,'release','node-1','release',0,-1034057,0,'');
INSERT INTO "ledger" VALUES(195,1.76722868992990469931e+09,'reserve','f4ea076cb0-1','hypothesis',0,1316667,0,'');
INSERT INTO "ledger" VALUES(196,1.76722868992990469931e+09,'release','node-1','release',0,-1316667,0,'');
INSERT INTO "ledger" VALUES(197,1.76722877061711168287e+09,'settle','0bd876d1cf-1','hypothesis',669634,-1316667,0,'');
INSERT INTO "ledger" VALUES(198,1.76722877061711168287e+09,'reserve','node-1','node',0,713699,0,'');
INSERT INTO "ledger" VALUES(199,1.76722877061711168287e+09,'release','node-1','release',0,-202759,0,'at the end of 0bd876d1cf-1');
INSERT INTO "ledger" VALUES(200,1.76722877061711168287e+09,'idle',NULL,'idle',202759,0,0,'at the end of 0bd876d1cf-1');
INSERT INTO "ledger" VALUES(201,1.76722878626772475245e+09,'settle','917578ca39-1','hypothesis',603113,-1316667,0,'');
INSERT INTO "ledger" VALUES(202,1.76722878626772475245e+09,'reserve','node-1','node',0,713554,0,'');
INSERT INTO "ledger" VALUES(203,1.76722878626772475245e+09,'release','node-1','release',0,-52168,0,'at the end of 917578ca39-1');
INSERT INTO "ledger" VALUES(204,1.76722878626772475245e+09,'idle',NULL,'idle',52168,0,0,'at the end of 917578ca39-1');
INSERT INTO "ledger" VALUES(205,1.7672293433828423023e+09,'settle','15045a97ba-1','hypothesis',588204,-1316667,0,'');
INSERT INTO "ledger" VALUES(206,1.7672293433828423023e+09,'reserve','node-1','node',0,728463,0,'');
INSERT INTO "ledger" VALUES(207,1.7672293433828423023e+09,'release','node-1','release',0,-2321313,0,'at the end of 15045a97ba-1');
INSERT INTO "ledger" VALUES(208,1.7672293433828423023e+09,'idle',NULL,'idle',2321313,0,0,'at the end of 15045a97ba-1');
INSERT INTO "ledger" VALUES(209,1.76722938546923780435e+09,'settle','f4ea076cb0-1','hypothesis',579617,-1316667,0,'');
INSERT INTO "ledger" VALUES(210,1.76722938546923780435e+09,'reserve','node-1','node',0,737050,0,'');
INSERT INTO "ledger" VALUES(211,1.76722938546923780435e+09,'release','node-1','release',0,-210432,0,'at the end of f4ea076cb0-1');
INSERT INTO "ledger" VALUES(212,1.76722938546923780435e+09,'idle',NULL,'idle',210432,0,0,'at the end of f4ea076cb0-1');
INSERT INTO "ledger" VALUES(213,1.76722938888278174396e+09,'settle','e9ddb9e604-1','hypothesis',582461,-1316667,0,'');
INSERT INTO "ledger" VALUES(214,1.76722938888278174396e+09,'release','node-1','release',0,-5139441,0,'');
INSERT INTO "ledger" VALUES(215,1.76722938888278174396e+09,'release','node-1','release',0,-19913,0,'at the end of e9ddb9e604-1');
INSERT INTO "ledger" VALUES(216,1.76722938888278174396e+09,'idle',NULL,'idle',19913,0,0,'at the end of e9ddb9e604-1');
CREATE TABLE llm_calls (
    call_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, model TEXT NOT NULL,
    base_url TEXT NOT NULL, purpose TEXT NOT NULL, prompt_tokens INTEGER, completion_tokens INTEGER,
    cost_micro_usd INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "meta" VALUES('session','{"number":1,"state":"running","started_at":1767225600.0,"budget_micro_usd":96000000,"price_micro_usd_per_hour":24000000,"bill":"wall","hours":null,"total_seconds":14400.0,"data":"default","proposer":"search","slots":8,"seed":0,"max_hypotheses":16,"machine":"simulated 8x NVIDIA H100 80GB HBM3","machine_kind":"gpu","node_seconds_before":0.0,"jobs_before":0,"hypotheses_before":0,"outcome":null,"simulated":true,"stops_at_plateau":false}');
INSERT INTO "meta" VALUES('clock_offset','{"boot_id":"simulated","seconds":1767225600.0}');
INSERT INTO "meta" VALUES('plan:1','{"kind":"gpu","slots":8,"price_micro_usd_per_hour":24000000,"total_seconds":14400.0,"contingency_seconds":600.0,"final_seconds":6480.0,"setup_seconds":221.83238368775386,"search_seconds":7098.1676163122465,"search_job_seconds":719.9990361555397,"search_tokens":874729472,"early_sft_tokens":874729472,"hypotheses":8,"replicates":16,"champion_seconds":5149.3,"champion_sft_seconds":908.6999999999999,"eval_seconds":300.0,"deploy_seconds":90.0,"report_seconds":20.0,"rank_efficiency":0.93,"rank_overhead_seconds":15.0,"rates":{"tokens_per_second":1349544.0851046785,"overhead_seconds":71.83238368775388,"measured":true},"ladder_seconds":0.0}');
INSERT INTO "meta" VALUES('champion_recipe','r1');
INSERT INTO "meta" VALUES('meter','{"due_micro_usd":0,"rounding_micro_usd":0.0,"seconds":0.0,"since":0.0,"seen":3788.882780734056,"boot_id":"simulated"}');
INSERT INTO "meta" VALUES('virtual_clock','{"now":1767229389.1327817,"elapsed":3789.132780734056}');
CREATE TABLE metrics (
    job_id TEXT NOT NULL REFERENCES jobs(job_id), series TEXT NOT NULL, step INTEGER NOT NULL,
    value REAL NOT NULL, PRIMARY KEY (job_id, series, step)) WITHOUT ROWID;
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',1,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',2,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',3,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',4,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',5,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',6,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',7,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','tokens_per_second',8,1.32223709445661935025e+06);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('03d3e88efb-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',1,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',2,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',3,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',4,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',5,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',6,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',7,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','tokens_per_second',8,1.15488425453375536018e+06);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('0bd876d1cf-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',1,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',2,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',3,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',4,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',5,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',6,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',7,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','tokens_per_second',8,1.3671684944897224195e+06);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('10bf3b058d-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',1,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',2,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',3,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',4,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',5,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',6,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',7,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','tokens_per_second',8,1.39154849185587116519e+06);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('15045a97ba-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',1,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',2,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',3,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',4,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',5,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',6,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',7,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','tokens_per_second',8,1.33474817898261267695e+06);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('1d08e807f9-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',1,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',2,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',3,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',4,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',5,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',6,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',7,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','tokens_per_second',8,1.3906493294387280475e+06);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('1f48f7beb7-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',1,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',2,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',3,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',4,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',5,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',6,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',7,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','tokens_per_second',8,1.35698458776122727427e+06);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('24738c206b-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',1,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',2,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',3,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',4,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',5,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',6,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',7,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','tokens_per_second',8,1.36473909702191012916e+06);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('25379f2b2f-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',1,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',2,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',3,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',4,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',5,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',6,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',7,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','tokens_per_second',8,1.37934578890841430987e+06);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('2d7c8933bb-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',1,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',2,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',3,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',4,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',5,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',6,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',7,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','tokens_per_second',8,1.39899640367443789727e+06);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('501b28dbca-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',1,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',2,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',3,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',4,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',5,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',6,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',7,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','tokens_per_second',8,1.39158957468709559185e+06);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('54107ef6d1-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',1,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',2,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',3,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',4,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',5,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',6,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',7,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','tokens_per_second',8,1.37305133483053836969e+06);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('5c974abd33-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',1,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',2,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',3,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',4,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',5,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',6,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',7,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','tokens_per_second',8,1.35542545088924840091e+06);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('5dbe842745-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',1,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',2,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',3,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',4,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',5,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',6,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',7,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','tokens_per_second',8,1.38106197295356076214e+06);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('6c7b3b8099-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',1,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',2,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',3,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',4,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',5,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',6,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',7,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','tokens_per_second',8,1.34954408510467852467e+06);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('724a7bd082-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',1,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',2,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',3,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',4,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',5,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',6,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',7,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','tokens_per_second',8,1.38218549286179500637e+06);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('72d3a6c990-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',1,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',2,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',3,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',4,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',5,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',6,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',7,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','tokens_per_second',8,1.35415723474069219086e+06);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('7d539ad422-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',1,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',2,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',3,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',4,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',5,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',6,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',7,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','tokens_per_second',8,1.37922573230831278486e+06);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('9049dceef3-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',1,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',2,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',3,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',4,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',5,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',6,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',7,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','tokens_per_second',8,1.35145258750814269295e+06);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('917578ca39-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',1,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',2,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',3,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',4,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',5,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',6,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',7,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','tokens_per_second',8,1.39093692893255036326e+06);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('92c8f07028-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',1,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',2,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',3,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',4,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',5,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',6,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',7,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','tokens_per_second',8,1.36716334081538929605e+06);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('93520d982b-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',1,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',2,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',3,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',4,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',5,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',6,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',7,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','tokens_per_second',8,1.36168988287163455965e+06);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('97c764c1c6-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',1,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',2,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',3,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',4,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',5,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',6,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',7,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','tokens_per_second',8,1351965.28213065);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('98b54b0fac-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',1,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',2,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',3,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',4,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',5,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',6,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',7,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','tokens_per_second',8,1.35233078935420722704e+06);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('a43f688bb1-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',1,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',2,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',3,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',4,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',5,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',6,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',7,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','tokens_per_second',8,1.38042806658004084603e+06);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('b15f14e733-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',1,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',2,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',3,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',4,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',5,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',6,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',7,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','tokens_per_second',8,1.35259116780062206087e+06);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('ba28b9f042-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',1,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',2,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',3,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',4,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',5,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',6,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',7,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','tokens_per_second',8,1.35685783628500532358e+06);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('bb21046661-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',1,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',2,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',3,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',4,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',5,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',6,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',7,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','tokens_per_second',8,1.35143762096991529688e+06);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('bef44a9de9-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',1,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',2,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',3,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',4,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',5,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',6,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',7,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','tokens_per_second',8,1.38833161195521079939e+06);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('cbe73b2635-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',1,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',2,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',3,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',4,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',5,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',6,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',7,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','tokens_per_second',8,1.13311798267138772648e+06);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('d23e423fef-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',1,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',2,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',3,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',4,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',5,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',6,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',7,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','tokens_per_second',8,1.38651128473849175493e+06);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('e9ddb9e604-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',1,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',2,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',3,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',4,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',5,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',6,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',7,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','tokens_per_second',8,1.38104757942072488372e+06);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('ea31193ff1-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',1,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',2,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',3,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',4,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',5,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',6,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',7,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','tokens_per_second',8,1.38700672633466054689e+06);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('edbf9c9364-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',1,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',2,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',3,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',4,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',5,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',6,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',7,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','tokens_per_second',8,1.37677508582754782402e+06);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('ef42ad364f-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',1,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',2,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',3,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',4,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',5,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',6,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',7,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','tokens_per_second',8,1.35143581813564174812e+06);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('f458c45153-1','train_loss',8,2.7857142857142855874e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',1,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',2,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',3,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',4,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',5,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',6,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',7,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','tokens_per_second',8,1.38450127082714228893e+06);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',1,4.21428571428571441259e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',2,3.5);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',3,3.20588235294117662732e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',4,3.04545454545454541417e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',5,2.94444444444444464181e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',6,2.875);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',7,2.82432432432432456437e+00);
INSERT INTO "metrics" VALUES('f4ea076cb0-1','train_loss',8,2.7857142857142855874e+00);
CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at REAL NOT NULL);
INSERT INTO "migrations" VALUES('m001_first_tables',1.79586557015158677103e+09);
INSERT INTO "migrations" VALUES('m002_ledger_amounts',1.79586557015178632738e+09);
INSERT INTO "migrations" VALUES('m003_pairing',1.79586557018854045867e+09);
CREATE TABLE proposals (
    proposal_id INTEGER PRIMARY KEY AUTOINCREMENT, statement TEXT NOT NULL, patch TEXT NOT NULL,
    minimum_effect REAL, prior REAL NOT NULL, proposer TEXT NOT NULL, accepted INTEGER NOT NULL,
    reason TEXT NOT NULL, at REAL NOT NULL);
INSERT INTO "proposals" VALUES(1,'A logit softcap of 16.7 (×1.11) and a Muon momentum of 0.935 (×0.984) together lower val_bpb.','{"model.logit_softcap": 16.7, "optim.muon_momentum": 0.935}',NULL,0.2,'search',1,'h1',1.76722655131187558179e+09);
INSERT INTO "proposals" VALUES(2,'An embedding learning rate of 0.135 (×0.45), a weight decay of 0.537 (×1.92) and a warm-down fraction of 0.565 (×0.869) together lower val_bpb.','{"optim.embedding_lr": 0.135, "optim.weight_decay": 0.537, "schedule.warmdown_fraction": 0.565}',NULL,0.2,'search',1,'h2',1.76722655131187558179e+09);
INSERT INTO "proposals" VALUES(3,'The window pattern SSL, an embedding learning rate of 0.252 (×0.84), a matrix learning rate of 0.003 (×0.15) and AdamW for the matrices together lower val_bpb.','{"model.window_pattern": "SSL", "optim.embedding_lr": 0.252, "optim.matrix_lr": 0.003, "optim.matrix_optimizer": "adamw"}',NULL,0.2,'search',1,'h3',1.76722655131187558179e+09);
INSERT INTO "proposals" VALUES(4,'A QK scale of 1.78 (×1.48), an Adam beta1 of 0.768 (×0.96) and an Adam beta2 of 0.954 (×1) together lower val_bpb.','{"model.qk_scale": 1.78, "optim.adam_beta1": 0.768, "optim.adam_beta2": 0.954}',NULL,0.2,'search',1,'h4',1.76722655181187558171e+09);
INSERT INTO "proposals" VALUES(5,'A matrix learning rate of 0.0215 (×1.07) and an unembedding learning rate of 0.011 (×1.38) together lower val_bpb.','{"optim.matrix_lr": 0.0215, "optim.unembedding_lr": 0.011}',NULL,0.2,'search',1,'h5',1.76722655181187558171e+09);
INSERT INTO "proposals" VALUES(6,'An Adam beta1 of 0.822 (×1.03), an embedding learning rate of 0.257 (×0.857) and a scalar learning rate of 0.296 (×0.592) together lower val_bpb.','{"optim.adam_beta1": 0.822, "optim.embedding_lr": 0.257, "optim.scalar_lr": 0.296}',NULL,0.2,'search',1,'h6',1.76722655231187558179e+09);
INSERT INTO "proposals" VALUES(7,'A QK scale of 1.89 (×1.57), a weight decay of 0.178 (×0.636) and a warm-down fraction of 0.538 (×0.828) together lower val_bpb.','{"model.qk_scale": 1.89, "optim.weight_decay": 0.178, "schedule.warmdown_fraction": 0.538}',NULL,0.2,'search',1,'h7',1.76722655281187558174e+09);
INSERT INTO "proposals" VALUES(8,'The window pattern L, a matrix learning rate of 0.003 (×0.15) and AdamW for the matrices together lower val_bpb.','{"model.window_pattern": "L", "optim.matrix_lr": 0.003, "optim.matrix_optimizer": "adamw"}',NULL,0.2,'search',1,'h8',1767227221.21453);
INSERT INTO "proposals" VALUES(9,'An Adam beta2 of 0.946 (×0.996) and a Muon momentum of 0.914 (×0.962) together lower val_bpb.','{"optim.adam_beta2": 0.946, "optim.muon_momentum": 0.914}',NULL,0.1,'search',1,'h9',1.76722723136371874814e+09);
INSERT INTO "proposals" VALUES(10,'A logit softcap of 7.92 (×0.528) and an unembedding learning rate of 0.0132 (×1.65) together lower val_bpb.','{"model.logit_softcap": 7.92, "optim.unembedding_lr": 0.0132}',NULL,6.66666666666666657414e-02,'search',1,'h10',1.76722723236371874813e+09);
INSERT INTO "proposals" VALUES(11,'The window pattern SSL, an unembedding learning rate of 0.0127 (×1.59) and a warm-down fraction of 0.596 (×0.917) together lower val_bpb.','{"model.window_pattern": "SSL", "optim.unembedding_lr": 0.0127, "schedule.warmdown_fraction": 0.596}',NULL,0.05,'search',1,'h11',1.7672272391839559078e+09);
INSERT INTO "proposals" VALUES(12,'A QK scale of 0.858 (×0.715) and an embedding learning rate of 0.42 (×1.4) together lower val_bpb.','{"model.qk_scale": 0.858, "optim.embedding_lr": 0.42}',NULL,5.36519416830884415814e-02,'search',1,'h12',1.76722726624327850343e+09);
INSERT INTO "proposals" VALUES(13,'A QK scale of 0.82 (×0.683), an embedding learning rate of 0.411 (×1.37) and a Muon momentum of 0.98 (×1.03) together lower val_bpb.','{"model.qk_scale": 0.82, "optim.embedding_lr": 0.411, "optim.muon_momentum": 0.98}',NULL,4.4777016364211424948e-01,'search',1,'h13',1.76722727756202363969e+09);
INSERT INTO "proposals" VALUES(14,'A QK scale of 0.706 (×0.588) and an embedding learning rate of 0.719 (×2.4) together lower val_bpb.','{"model.qk_scale": 0.706, "optim.embedding_lr": 0.719}',NULL,2.55722751930817053522e-02,'search',1,'h14',1.76722792652348637586e+09);
INSERT INTO "proposals" VALUES(15,'A logit softcap of 53.5 (×3.57), a RoPE base of 2750 (×0.0275), leaving out value embeddings, an Adam beta2 of 0.901 (×0.948), an embedding learning rate of 1.19 (×3.97), a matrix learning rate of 0.00625 (×0.312), a Muon momentum of 0.973 (×1.02), an unembedding learning rate of 0.00273 (×0.341) and a weight decay of 0.119 (×0.425) together lower val_bpb.','{"model.logit_softcap": 53.5, "model.rope_base": 2750.0, "model.value_embeddings": false, "optim.adam_beta2": 0.901, "optim.embedding_lr": 1.19, "optim.matrix_lr": 0.00625, "optim.muon_momentum": 0.973, "optim.unembedding_lr": 0.00273, "optim.weight_decay": 0.119}',NULL,1.76718987243215212845e-02,'search',1,'h15',1.76722794288069319727e+09);
INSERT INTO "proposals" VALUES(16,'A logit softcap of 36.2 (×2.41) and an embedding learning rate of 0.479 (×1.6) together lower val_bpb.','{"model.logit_softcap": 36.2, "optim.embedding_lr": 0.479}',NULL,2.51920727432242558263e-02,'search',1,'h16',1.76722796705633473394e+09);
CREATE TABLE recipes (
    recipe_id TEXT PRIMARY KEY, parent TEXT REFERENCES recipes(recipe_id), patch TEXT NOT NULL,
    document TEXT NOT NULL, reason TEXT NOT NULL, created_at REAL NOT NULL);
INSERT INTO "recipes" VALUES('r1',NULL,'{}','{"activation_checkpointing": null, "checkpoint_every_steps": null, "compile": null, "core": {"data": null, "enabled": true, "max_per_task": 50}, "data": "default", "device_batch_size": null, "dtype": "auto", "eval_every_steps": null, "kind": "pretrain", "model": {"backout": null, "bigram_tables": 0, "block": "gpt", "depth": 8, "head_dim": null, "kv_heads": null, "logit_softcap": 15.0, "qk_scale": 1.2, "rope_base": 100000.0, "sequence_len": 2048, "smear": null, "value_embeddings": true, "width": null, "window_fraction": 0.25, "window_pattern": "SSSL"}, "optim": {"adam_beta1": 0.8, "adam_beta2": 0.95, "embedding_lr": 0.3, "matrix_lr": 0.02, "matrix_optimizer": "muon", "muon_momentum": 0.95, "scalar_lr": 0.5, "table_weight_decay": 0.05, "unembedding_lr": 0.008, "weight_decay": 0.28}, "profile": false, "schedule": {"final_lr_fraction": 0.05, "warmdown_fraction": 0.65, "warmup_fraction": 0.02}, "tokenizer": "162a92bba5-1", "total_batch_size": null, "train_seconds": null, "train_tokens": 874729472, "val_tokens": 1048576}','starter recipe',1.76722582914244771001e+09);
INSERT INTO "recipes" VALUES('r2','r1','{"model.qk_scale": 0.858, "optim.embedding_lr": 0.42}','{"activation_checkpointing": null, "checkpoint_every_steps": null, "compile": null, "core": {"data": null, "enabled": true, "max_per_task": 50}, "data": "default", "device_batch_size": null, "dtype": "auto", "eval_every_steps": null, "kind": "pretrain", "model": {"backout": null, "bigram_tables": 0, "block": "gpt", "depth": 8, "head_dim": null, "kv_heads": null, "logit_softcap": 15.0, "qk_scale": 0.858, "rope_base": 100000.0, "sequence_len": 2048, "smear": null, "value_embeddings": true, "width": null, "window_fraction": 0.25, "window_pattern": "SSSL"}, "optim": {"adam_beta1": 0.8, "adam_beta2": 0.95, "embedding_lr": 0.42, "matrix_lr": 0.02, "matrix_optimizer": "muon", "muon_momentum": 0.95, "scalar_lr": 0.5, "table_weight_decay": 0.05, "unembedding_lr": 0.008, "weight_decay": 0.28}, "profile": false, "schedule": {"final_lr_fraction": 0.05, "warmdown_fraction": 0.65, "warmup_fraction": 0.02}, "tokenizer": "162a92bba5-1", "total_batch_size": null, "train_seconds": null, "train_tokens": 874729472, "val_tokens": 1048576}','supported h12',1.76722938913278174405e+09);
CREATE TABLE verdicts (
    verdict_id INTEGER PRIMARY KEY AUTOINCREMENT,
    hypothesis_id TEXT NOT NULL REFERENCES hypotheses(hypothesis_id), look INTEGER NOT NULL,
    verdict TEXT NOT NULL, final INTEGER NOT NULL, effect REAL NOT NULL, lower REAL, upper REAL,
    p_value REAL NOT NULL, judged_at REAL NOT NULL, record TEXT NOT NULL,
    UNIQUE (hypothesis_id, look));
INSERT INTO "verdicts" VALUES(1,'h1',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722723086371874805e+09,'{"hypothesis_id":"h1","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.002380952380952381,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["501b28dbca-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227230.8637187}');
INSERT INTO "verdicts" VALUES(2,'h6',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722723186371874805e+09,'{"hypothesis_id":"h6","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.0015384615384615385,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["54107ef6d1-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227231.8637187}');
INSERT INTO "verdicts" VALUES(3,'h7',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.7672272386839559078e+09,'{"hypothesis_id":"h7","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.0014245014245014246,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["1f48f7beb7-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227238.683956}');
INSERT INTO "verdicts" VALUES(4,'h4',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722726574327850335e+09,'{"hypothesis_id":"h4","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.0018115942028985507,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["5c974abd33-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227265.7432785}');
INSERT INTO "verdicts" VALUES(5,'h3',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722727706202363965e+09,'{"hypothesis_id":"h3","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.001976284584980237,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["03d3e88efb-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227277.0620236}');
INSERT INTO "verdicts" VALUES(6,'h9',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722792602348637578e+09,'{"hypothesis_id":"h9","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.0012315270935960591,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["24738c206b-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227926.0234864}');
INSERT INTO "verdicts" VALUES(7,'h10',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722794238069319723e+09,'{"hypothesis_id":"h10","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.0011494252873563218,"sd":0.0005096600282346078,"degrees_of_freedom":7,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["b15f14e733-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227942.3806932}');
INSERT INTO "verdicts" VALUES(8,'h2',1,'refuted',1,-1.25926750300649814562e-01,-1.27322582305911702338e-01,-1.24530918295387926786e-01,1.0,1.76722796655633473394e+09,'{"hypothesis_id":"h2","verdict":"refuted","effect":-0.12592675030064981,"lower":-0.1273225823059117,"upper":-0.12453091829538793,"shrunken_effect":-0.12473977835325407,"p_value":1.0,"alpha":0.0021645021645021645,"sd":0.0004802314148011809,"degrees_of_freedom":8,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["98b54b0fac-1","ba28b9f042-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227966.5563347}');
INSERT INTO "verdicts" VALUES(9,'h5',1,'inconclusive',1,9.71628688261505502055e-04,-4.56657535579420292837e-04,2.39991491210243129694e-03,1.47519591893167351104e-01,1.76722797524030780791e+09,'{"hypothesis_id":"h5","verdict":"inconclusive","effect":0.0009716286882615055,"lower":-0.0004566575355794203,"upper":0.0023999149121024313,"shrunken_effect":0.0009620436368004696,"p_value":0.14751959189316735,"alpha":0.0016666666666666668,"sd":0.0004913971820609386,"degrees_of_freedom":8,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["a43f688bb1-1","bb21046661-1"],"diverged_jobs":[],"noise_jobs":[],"judge_version":"3","final":true,"judged_at":1767227975.2403078}');
INSERT INTO "verdicts" VALUES(10,'h13',1,'inconclusive',1,0.0,NULL,NULL,1.0,1.76722797609826660155e+09,'{"hypothesis_id":"h13","verdict":"inconclusive","effect":0.0,"lower":null,"upper":null,"shrunken_effect":0.0,"p_value":1.0,"alpha":0.000946969696969697,"sd":0.0004913971820609386,"degrees_of_freedom":8,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["ef42ad364f-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"]],"judge_version":"3","final":true,"judged_at":1767227976.0982666}');
INSERT INTO "verdicts" VALUES(11,'h14',1,'refuted',1,-2.02667840308199398435e-02,-2.1568324022707873605e-02,-1.8965244038932006082e-02,1.0,1.76722865156881856919e+09,'{"hypothesis_id":"h14","verdict":"refuted","effect":-0.02026678403081994,"lower":-0.021568324022707874,"upper":-0.018965244038932006,"shrunken_effect":-0.020088173193968956,"p_value":1.0,"alpha":0.00089126559714795,"sd":0.0004642121503323911,"degrees_of_freedom":9,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["93520d982b-1","edbf9c9364-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"]],"judge_version":"3","final":true,"judged_at":1767228651.5688186}');
INSERT INTO "verdicts" VALUES(12,'h11',1,'refuted',1,-1.1304720889357411373e-02,-1.2606189612135373923e-02,-1.0003252166579448823e-02,1.0,1.76722866783896660801e+09,'{"hypothesis_id":"h11","verdict":"refuted","effect":-0.011304720889357411,"lower":-0.012606189612135374,"upper":-0.010003252166579449,"shrunken_effect":-0.011205103383043662,"p_value":1.0,"alpha":0.001075268817204301,"sd":0.00046418673122348986,"degrees_of_freedom":9,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["97c764c1c6-1","1d08e807f9-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"]],"judge_version":"3","final":true,"judged_at":1767228667.8389666}');
INSERT INTO "verdicts" VALUES(13,'h15',1,'refuted',1,-0.636803417402966,-6.38004610978995745362e-01,-6.35602223826936207906e-01,1.0,1.76722868183667588233e+09,'{"hypothesis_id":"h15","verdict":"refuted","effect":-0.636803417402966,"lower":-0.6380046109789957,"upper":-0.6356022238269362,"shrunken_effect":-0.6317410326584494,"p_value":1.0,"alpha":0.0008403361344537816,"sd":0.0004406977714075046,"degrees_of_freedom":10,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["bef44a9de9-1","9049dceef3-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"],["97c764c1c6-1","1d08e807f9-1"]],"judge_version":"3","final":true,"judged_at":1767228681.836676}');
INSERT INTO "verdicts" VALUES(14,'h12',1,'inconclusive',0,5.27877983003288697716e-03,4.05254753616984125796e-03,6.50501212389593269636e-03,1.54823866044812543611e-07,1.76722868967990469932e+09,'{"hypothesis_id":"h12","verdict":"inconclusive","effect":0.005278779830032887,"lower":0.004052547536169841,"upper":0.006505012123895933,"shrunken_effect":0.005235062120593436,"p_value":1.5482386604481254e-7,"alpha":0.0010080645161290322,"sd":0.00044988405692235225,"degrees_of_freedom":10,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["5dbe842745-1","25379f2b2f-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"],["97c764c1c6-1","1d08e807f9-1"]],"judge_version":"3","final":false,"judged_at":1767228689.6799047}');
INSERT INTO "verdicts" VALUES(15,'h8',1,'refuted',1,-9.92460458295867375966e-02,-1.00394744297090318663e-01,-9.809734736208315653e-02,1.0,1.76722877061711168287e+09,'{"hypothesis_id":"h8","verdict":"refuted","effect":-0.09924604582958674,"lower":-0.10039474429709032,"upper":-0.09809734736208316,"shrunken_effect":-0.09849069292246074,"p_value":1.0,"alpha":0.0013227513227513227,"sd":0.0004311319207845952,"degrees_of_freedom":11,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["d23e423fef-1","0bd876d1cf-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"],["97c764c1c6-1","1d08e807f9-1"],["5dbe842745-1","25379f2b2f-1"]],"judge_version":"3","final":true,"judged_at":1767228770.6171117}');
INSERT INTO "verdicts" VALUES(16,'h16',1,'refuted',1,-7.28554238822509692141e-03,-1.01244532620283021057e-02,-4.44663151442189173712e-03,1.0,1.7672293433828423023e+09,'{"hypothesis_id":"h16","verdict":"refuted","effect":-0.007285542388225097,"lower":-0.010124453262028302,"upper":-0.004446631514421892,"shrunken_effect":-0.006959535770038859,"p_value":1.0,"alpha":0.0007936507936507937,"sd":0.0005532197004155333,"degrees_of_freedom":11,"pairs":null,"look":1,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["917578ca39-1","15045a97ba-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"],["97c764c1c6-1","1d08e807f9-1"],["5dbe842745-1","25379f2b2f-1"]],"judge_version":"3","final":true,"judged_at":1767229343.3828423}');
INSERT INTO "verdicts" VALUES(17,'h12',2,'supported',1,5.55295620571905068629e-03,4.49215440271242324316e-03,6.61375800872567812943e-03,1.12905794322409313863e-09,1.76722938888278174396e+09,'{"hypothesis_id":"h12","verdict":"supported","effect":0.005552956205719051,"lower":0.004492154402712423,"upper":0.006613758008725678,"shrunken_effect":0.005514326362495458,"p_value":1.1290579432240931e-9,"alpha":0.0010080645161290322,"sd":0.000531951989536758,"degrees_of_freedom":13,"pairs":null,"look":2,"baseline_jobs":["10bf3b058d-1","6c7b3b8099-1","f458c45153-1","72d3a6c990-1","cbe73b2635-1","7d539ad422-1","92c8f07028-1","ea31193ff1-1"],"treatment_jobs":["5dbe842745-1","25379f2b2f-1","e9ddb9e604-1","f4ea076cb0-1"],"diverged_jobs":[],"noise_jobs":[["a43f688bb1-1","bb21046661-1"],["97c764c1c6-1","1d08e807f9-1"],["917578ca39-1","15045a97ba-1"]],"judge_version":"3","final":true,"judged_at":1767229388.8827817}');
CREATE INDEX jobs_by_spec ON jobs(spec_hash);
CREATE INDEX jobs_by_state ON jobs(state);
CREATE INDEX jobs_by_hypothesis ON jobs(hypothesis_id);
CREATE UNIQUE INDEX settled_once ON ledger(job_id) WHERE kind IN ('settle', 'llm');
CREATE UNIQUE INDEX idle_once ON ledger(job_id) WHERE kind = 'idle' AND job_id IS NOT NULL;
CREATE INDEX ledger_by_job ON ledger(job_id);
CREATE UNIQUE INDEX one_live ON deployments(state) WHERE state = 'live';
CREATE TRIGGER ledger_within_budget BEFORE INSERT ON ledger
WHEN NEW.kind = 'reserve' AND NEW.reserved_micro_usd > (
    SELECT COALESCE(SUM(budget_micro_usd - spent_micro_usd - reserved_micro_usd), 0) FROM ledger)
BEGIN SELECT RAISE(ABORT, 'over budget'); END;
CREATE TRIGGER ledger_reserves_forward BEFORE INSERT ON ledger
WHEN (NEW.kind = 'reserve') != (NEW.reserved_micro_usd > 0)
    OR (NEW.kind IN ('budget', 'idle') AND NEW.reserved_micro_usd != 0)
BEGIN SELECT RAISE(ABORT, 'only a reserve entry adds to what is reserved'); END;
CREATE TRIGGER ledger_no_reserve_after_settle BEFORE INSERT ON ledger
WHEN NEW.kind = 'reserve' AND EXISTS (
    SELECT 1 FROM ledger WHERE job_id = NEW.job_id AND kind IN ('settle', 'llm'))
BEGIN SELECT RAISE(ABORT, 'already settled'); END;
CREATE TRIGGER ledger_releases_what_is_reserved BEFORE INSERT ON ledger
WHEN NEW.reserved_micro_usd < 0 AND -NEW.reserved_micro_usd > (
    SELECT COALESCE(SUM(reserved_micro_usd), 0) FROM ledger WHERE job_id = NEW.job_id)
BEGIN SELECT RAISE(ABORT, 'releases more than is reserved'); END;
CREATE TRIGGER jobs_terminal_never_change BEFORE UPDATE ON jobs WHEN OLD.state IN ('succeeded', 'failed', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a finished job never changes'); END;
CREATE TRIGGER jobs_never_deleted BEFORE DELETE ON jobs
BEGIN SELECT RAISE(ABORT, 'jobs are never deleted'); END;
CREATE TRIGGER jobs_identity_never_changes BEFORE UPDATE OF
    sequence, job_id, spec_hash, kind, purpose, spec, hypothesis_id, recipe_id, arm, seed, gpus, source,
    resumed_from, simulated, created_at ON jobs
BEGIN SELECT RAISE(ABORT, 'what a job is never changes'); END;
CREATE TRIGGER jobs_never_step_back BEFORE UPDATE OF state ON jobs
WHEN NEW.state = 'queued' AND OLD.state != 'queued'
BEGIN SELECT RAISE(ABORT, 'a running job is not queued again'); END;
CREATE TRIGGER deployments_ended_never_change BEFORE UPDATE ON deployments
WHEN OLD.state IN ('retired', 'failed', 'rolled_back')
BEGIN SELECT RAISE(ABORT, 'an ended deployment never changes'); END;
CREATE TRIGGER deployments_never_deleted BEFORE DELETE ON deployments
BEGIN SELECT RAISE(ABORT, 'deployments are never deleted'); END;
CREATE TRIGGER recipes_no_update BEFORE UPDATE ON recipes BEGIN SELECT RAISE(ABORT, 'recipes is append-only'); END;
CREATE TRIGGER recipes_no_delete BEFORE DELETE ON recipes BEGIN SELECT RAISE(ABORT, 'recipes is append-only'); END;
CREATE TRIGGER hypotheses_no_update BEFORE UPDATE ON hypotheses BEGIN SELECT RAISE(ABORT, 'hypotheses is append-only'); END;
CREATE TRIGGER hypotheses_no_delete BEFORE DELETE ON hypotheses BEGIN SELECT RAISE(ABORT, 'hypotheses is append-only'); END;
CREATE TRIGGER proposals_no_update BEFORE UPDATE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals is append-only'); END;
CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals is append-only'); END;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append-only'); END;
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append-only'); END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;
CREATE TRIGGER llm_calls_no_update BEFORE UPDATE ON llm_calls BEGIN SELECT RAISE(ABORT, 'llm_calls is append-only'); END;
CREATE TRIGGER llm_calls_no_delete BEFORE DELETE ON llm_calls BEGIN SELECT RAISE(ABORT, 'llm_calls is append-only'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE INDEX ledger_amounts ON ledger(budget_micro_usd, spent_micro_usd, reserved_micro_usd);
CREATE INDEX ledger_holds ON ledger(job_id, reserved_micro_usd);
CREATE TRIGGER ledger_one_kind_one_amount BEFORE INSERT ON ledger
WHEN (NEW.kind = 'budget') != (NEW.budget_micro_usd > 0)
    OR (NEW.kind IN ('budget', 'reserve', 'release') AND NEW.spent_micro_usd != 0)
BEGIN SELECT RAISE(ABORT, 'only a budget entry adds to the budget, and only a charge to what is spent'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('ledger',216);
INSERT INTO "sqlite_sequence" VALUES('events',32);
INSERT INTO "sqlite_sequence" VALUES('jobs',37);
INSERT INTO "sqlite_sequence" VALUES('proposals',16);
INSERT INTO "sqlite_sequence" VALUES('deployments',1);
INSERT INTO "sqlite_sequence" VALUES('verdicts',17);
COMMIT;
