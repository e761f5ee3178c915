// Reading of triplets and demand, and timing, for the C++ peers.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

struct Table {
    std::vector<int> row, col;
    std::vector<double> value, demand;
};

inline FILE *openFile(const char *path) {
    FILE *f = std::fopen(path, "r");
    if (!f) { std::perror(path); std::exit(3); }
    return f;
}

inline Table readTable(const char *triplets, const char *vectors) {
    Table t;
    char line[4096];
    FILE *f = openFile(triplets);
    if (!std::fgets(line, sizeof line, f)) std::exit(3);
    while (std::fgets(line, sizeof line, f)) {
        char *p = line;
        t.row.push_back((int)std::strtol(p, &p, 10));
        t.col.push_back((int)std::strtol(p + 1, &p, 10));
        t.value.push_back(std::strtod(p + 1, nullptr));
    }
    std::fclose(f);
    f = openFile(vectors);
    if (!std::fgets(line, sizeof line, f)) std::exit(3);
    int want = -1, k = 0;
    for (char *c = std::strtok(line, ",\r\n"); c; c = std::strtok(nullptr, ",\r\n"), k++)
        if (!std::strcmp(c, "demand")) want = k;
    if (want < 0) { std::fprintf(stderr, "%s: no column demand\n", vectors); std::exit(3); }
    while (std::fgets(line, sizeof line, f)) {
        char *p = line;
        for (int i = 0; i < want && p; i++) p = std::strchr(p, ',') ? std::strchr(p, ',') + 1 : nullptr;
        t.demand.push_back(p ? std::strtod(p, nullptr) : 0);
    }
    std::fclose(f);
    return t;
}

inline double now(clockid_t clock) {
    timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

inline double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
}

inline void report(const char *peer, const Table &t, const std::vector<double> &wall, const std::vector<double> &cpu, long iterations, double residual) {
    std::printf("{\"peer\":\"%s\",\"n\":%zu,\"nonzeros\":%zu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"iterations\":%ld,\"relative_residual\":%.3g}\n", peer,
                t.demand.size(), t.value.size(), median(wall), median(cpu), iterations, residual);
}

// writeAnswer leaves x where the caller wants to check it.
inline void writeAnswer(const char *path, const double *x, size_t n) {
    FILE *f = std::fopen(path, "wb");
    if (!f || std::fwrite(x, sizeof(double), n, f) != n || std::fclose(f)) { std::perror(path); std::exit(3); }
}
