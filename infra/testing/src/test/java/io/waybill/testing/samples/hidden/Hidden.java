package io.waybill.testing.samples.hidden;

class Hidden {}
