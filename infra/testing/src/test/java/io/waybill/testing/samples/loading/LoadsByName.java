package io.waybill.testing.samples.loading;

class LoadsByName {

    Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name);
    }
}
