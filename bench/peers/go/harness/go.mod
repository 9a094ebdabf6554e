module sallyport.bench/harness

go 1.26.2
