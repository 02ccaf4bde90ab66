package io.waybill.testing.samples.cycle.two;

import io.waybill.testing.samples.cycle.one.First;

public record Second(First first) {}
