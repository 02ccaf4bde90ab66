package io.waybill.testing.samples.visible;

public class Exposed {}
