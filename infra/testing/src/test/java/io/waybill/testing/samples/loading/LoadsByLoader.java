package io.waybill.testing.samples.loading;

class LoadsByLoader {

    Class<?> load(String name) throws ClassNotFoundException {
        return getClass().getClassLoader().loadClass(name);
    }
}
