"""The methods of comparison, each as its authors give it."""
