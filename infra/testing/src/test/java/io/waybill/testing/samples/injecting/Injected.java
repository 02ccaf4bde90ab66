package io.waybill.testing.samples.injecting;

import org.springframework.beans.factory.annotation.Autowired;

class Injected {

    @Autowired
    String setting;
}
