package io.waybill.testing.samples.xstream;

import com.thoughtworks.xstream.XStream;

class Converts {

    XStream xstream() {
        return new XStream();
    }
}
